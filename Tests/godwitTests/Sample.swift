import Domain

/// Values as a node would answer them, for tests of what commands make of them.
enum Sample {
    /// What `perform` gives as the time.
    static let now = Timestamp(microseconds: 1_769_860_800_000_000)

    static func ago(_ seconds: Int64) -> Timestamp {
        Timestamp(microseconds: now.microseconds - seconds * 1_000_000)
    }

    static func node(
        _ name: String,
        tier: String = "edge",
        site: String? = nil,
        state: String = "ready",
        detail: String = "",
        watts: Double = 4.25,
        link: LinkStatus? = nil,
        placed: UInt64 = 0,
        location: Location? = nil
    ) throws -> NodeStatus {
        NodeStatus(
            node: NodeDescription(
                name: try NodeName(name),
                tier: try Tier(tier),
                site: try site.map(Site.init),
                cores: 4,
                memory: .gibibytes(8),
                architecture: "aarch64",
                deviceClass: try DeviceClass("raspberry-pi-4"),
                accelerators: ["coral-tpu"],
                labels: ["rack": "3", "owner": "lab"],
                location: location,
                power: PowerRating(idleWatts: 3.01, maxWatts: 6.44),
                pricePerCoreHour: 0.02,
                carbonIntensity: 350,
                speed: SpeedProfile(integer: 1200.4, floating: 400, memory: 3000, hashing: 500)
            ),
            software: "0.1.0",
            started: ago(7200),
            state: state,
            detail: detail,
            sandbox: [
                SandboxLayer(layer: "seccomp", state: .present, detail: "allow-list"),
                SandboxLayer(layer: "landlock", state: .absent, detail: "not in this kernel", remedy: "Linux 5.13"),
            ],
            instances: ["busy": 2, "idle": 1],
            queued: 3,
            utilisation: 0.42,
            watts: watts,
            link: link,
            placed: placed,
            seen: ago(link == nil ? 0 : 5)
        )
    }

    /// The way to another node.
    static let link = LinkStatus(
        address: "https://10.0.0.2:9443",
        fastMilliseconds: 12.5,
        slowMilliseconds: 14,
        bandwidth: 11.52,
        breaker: "closed",
        inFlight: 2
    )

    static func candidate(
        _ name: String,
        tier: String,
        contributions: CandidateReport.Contributions,
        terms: CandidateReport.Terms,
        tail: Double,
        joules: Double,
        cost: Double,
        cold: Double,
        whyNot: String = ""
    ) throws -> CandidateReport {
        CandidateReport(
            node: try NodeName(name),
            tier: try Tier(tier),
            score: contributions.sum,
            contributions: contributions,
            p50: terms.sum,
            tail: tail,
            terms: terms,
            joules: joules,
            cost: cost,
            grams: joules / 1e4,
            coldProbability: cold,
            observations: 1204,
            whyNot: whyNot
        )
    }
}
