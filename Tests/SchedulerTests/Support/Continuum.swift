import Domain
import Scheduler

/// Builds nodes, functions and placers for tests.
enum Continuum {
    static func node(
        _ name: String,
        tier: String = "edge",
        site: String? = nil,
        cores: Int = 4,
        memory: ByteSize = .gibibytes(4),
        deviceClass: String = "generic",
        watts: Double = 10,
        price: Double = 0,
        carbon: Double = 0,
        speed: SpeedProfile? = nil
    ) throws -> NodeDescription {
        NodeDescription(
            name: try NodeName(name),
            tier: try Tier(tier),
            site: try site.map { raw in try Site(raw) },
            cores: cores,
            memory: memory,
            architecture: "x86_64",
            deviceClass: try DeviceClass(deviceClass),
            power: PowerRating(idleWatts: 0, maxWatts: watts * Double(cores)),
            pricePerCoreHour: price,
            carbonIntensity: carbon,
            speed: speed
        )
    }

    static func version(
        _ name: String = "f",
        number: UInt32 = 1,
        runtime: RuntimeKind = .swift,
        objective: Objective? = nil,
        placement: PlacementConstraints = .init(),
        memory: ByteSize = .mebibytes(128),
        reuse: Reuse = .always
    ) throws -> FunctionVersion {
        let spec = FunctionSpec(
            name: try FunctionName(name),
            runtime: runtime,
            handler: "h",
            memory: memory,
            objective: objective,
            placement: placement,
            reuse: reuse
        )
        var random = SplitMix64(seed: UInt64(number))
        for byte in name.utf8 { random = SplitMix64(seed: random.next() ^ UInt64(byte)) }
        let bytes = (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        guard let digest = Digest(bytes: bytes) else { throw Invalid("digest", "has not 32 bytes") }
        return FunctionVersion(
            number: try VersionNumber(number),
            digest: digest,
            spec: spec,
            bundleSize: 1,
            published: Timestamp(microseconds: 0)
        )
    }

    /// A continuum of `count` nodes with differing tiers, classes, power, links and loads, and a function that was called
    /// some times.
    static func random(
        _ count: Int,
        settings: PlacementSettings = PlacementSettings(),
        objective: Objective? = nil,
        using random: inout SplitMix64
    ) throws -> (placer: Placer, version: FunctionVersion) {
        let tiers = ["edge", "cloud", "fog"]
        func make(_ index: Int) throws -> NodeDescription {
            try node(
                "n\(index)",
                tier: tiers[random.index(below: 3)],
                cores: 1 + random.index(below: 8),
                deviceClass: "c\(random.index(below: 4))",
                watts: 1 + 20 * random.unit(),
                price: random.unit(),
                carbon: 600 * random.unit()
            )
        }
        let version = try version(objective: objective)
        var placer = Placer(local: try make(0), settings: settings)
        for index in 1..<max(1, count) where index < count {
            let node = try make(index)
            placer.update(node)
            placer.measured(
                LinkEstimate(
                    roundTripMilliseconds: 80 * random.unit(),
                    bytesPerMillisecond: 1000 + 20_000 * random.unit()
                ),
                to: node.name
            )
            let load = NodeLoad(
                busy: random.index(below: 12),
                queued: random.index(below: 3),
                utilisation: random.unit()
            )
            let warm = random.unit() < 0.7 ? [version.digest: random.index(below: 4)] : nil
            placer.report(load, from: node.name, warm: warm, at: 1)
        }
        for step in 0..<20 {
            let decision = placer.decide(question(version, at: UInt64(step)), using: &random)
            let name = try NodeName("n\(random.index(below: count))")
            placer.began(decision, on: name)
            placer.ended(outcome(decision, on: name, milliseconds: 5 + 40 * random.unit(), at: UInt64(step)))
        }
        return (placer, version)
    }

    static func question(
        _ version: FunctionVersion,
        bytes: UInt64 = 0,
        at now: UInt64 = 100,
        barred: [NodeName: String] = [:],
        preference: WeightKind? = nil
    ) -> PlacementQuestion {
        PlacementQuestion(version: version, requestBytes: bytes, preference: preference, barred: barred, now: now)
    }

    static func outcome(
        _ decision: Decision,
        on node: NodeName,
        milliseconds: Double,
        total: Double? = nil,
        cpu: Double? = nil,
        joules: Double = 0,
        bytes: UInt64 = 0,
        start: StartKind? = .warm,
        cold: Double = 0,
        isFailure: Bool = false,
        at now: UInt64 = 100
    ) -> Observation {
        Observation(
            decision: decision,
            node: node,
            totalMilliseconds: total ?? milliseconds,
            coldMilliseconds: cold,
            executionMilliseconds: milliseconds,
            cpuMilliseconds: cpu ?? milliseconds,
            joules: joules,
            requestBytes: bytes,
            start: start,
            isFailure: isFailure,
            wasStarted: !isFailure,
            now: now
        )
    }

    static func weights(_ weights: Weights, revision: Int = 1) -> WeightRevision {
        WeightRevision(
            revision: revision,
            table: WeightTable(global: weights),
            changed: Timestamp(microseconds: 0),
            author: "test"
        )
    }

    /// Weights that chance draws, none of them quite zero.
    static func randomWeights(using random: inout SplitMix64) throws -> Weights {
        try Weights(
            latency: 0.05 + random.unit(),
            energy: 0.05 + random.unit(),
            cost: 0.05 + random.unit(),
            carbon: 0.05 + random.unit()
        )
    }

    static func id() throws -> ExecutionID {
        var random = SplitMix64(seed: 1)
        return ExecutionID(at: Timestamp(microseconds: 1), using: &random)
    }
}

extension Decision {
    /// The report without the frame that tests have no use for.
    func report() throws -> DecisionReport {
        report(execution: try Continuum.id(), decided: Timestamp(microseconds: 1), took: 1)
    }
}
