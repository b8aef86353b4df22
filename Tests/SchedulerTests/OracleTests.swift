import Domain
import Scheduler
import Testing

/// The choices of policies against an exhaustive search with formulas written anew, in double precision.
struct OracleTests {
    /// A node and all that its score depends on.
    struct Case {
        let node: NodeDescription
        let roundTrip: Double
        let speed: Double
        let load: NodeLoad
        let warm: Int?

        /// Milliseconds and joules of a call of a function that was never called before.
        func prediction(bytes: Double) -> (latency: Double, joules: Double, cost: Double, grams: Double) {
            let execution = 10.0
            let cores = Double(node.cores)
            let foreign = max(0, load.utilisation * cores - Double(load.busy))
            let queue = Double(load.queued) * 10 / cores
            let contention = max(0, Double(load.busy) + foreign + 1 - cores) / cores
            let probability = warm.map { $0 > 0 ? 0.05 : 0.95 } ?? 0.3
            let cold = 3 * probability
            let latency = roundTrip + bytes / speed + queue + contention * execution + cold + execution
            let joules = (execution + cold) / 1000 * node.wattsPerCore + bytes * (roundTrip > 0 ? 4e-7 : 0)
            let cost = (execution + cold) / 3_600_000 * node.pricePerCoreHour
            return (latency, joules, cost, joules / 3.6e6 * node.carbonIntensity)
        }
    }

    static func cases(using random: inout SplitMix64) throws -> [Case] {
        let tiers = ["edge", "cloud", "fog"]
        return try (0..<2 + random.index(below: 6)).map { index in
            Case(
                node: try Continuum.node(
                    "n\(index)",
                    tier: tiers[random.index(below: 3)],
                    cores: 1 + random.index(below: 6),
                    deviceClass: "c\(random.index(below: 3))",
                    watts: 1 + 20 * random.unit(),
                    price: random.unit(),
                    carbon: 600 * random.unit()
                ),
                roundTrip: index == 0 ? 0 : 0.5 + 30 * random.unit(),
                speed: index == 0 ? .infinity : 1000 + 20_000 * random.unit(),
                load: NodeLoad(
                    busy: random.index(below: 9),
                    queued: random.index(below: 3),
                    utilisation: random.unit()
                ),
                warm: random.unit() < 0.2 ? nil : random.index(below: 3)
            )
        }
    }

    static func placer(_ cases: [Case], _ version: FunctionVersion, _ settings: PlacementSettings) -> Placer {
        var placer = Placer(local: cases[0].node, settings: settings)
        for item in cases {
            placer.update(item.node)
            if item.roundTrip > 0 {
                placer.measured(
                    LinkEstimate(roundTripMilliseconds: item.roundTrip, bytesPerMillisecond: item.speed),
                    to: item.node.name
                )
            }
            placer.report(item.load, from: item.node.name, warm: item.warm.map { [version.digest: $0] }, at: 1)
        }
        return placer
    }

    @Test("the adaptive policy finds the least score, with and without an objective", arguments: [nil, 15, 40])
    func adaptive(objective: Int64?) throws {
        var random = SplitMix64(seed: 1)
        for _ in 0..<500 {
            let cases = try Self.cases(using: &random)
            let version = try Continuum.version(
                objective: objective.map { milliseconds in Objective(latency: .milliseconds(milliseconds)) }
            )
            var placer = Self.placer(cases, version, PlacementSettings(explorationRate: 0, tieMargin: 0))
            let weights = try Continuum.randomWeights(using: &random)
            placer.setWeights(Continuum.weights(weights))
            let bytes = random.index(below: 100_000)
            let decision = placer.decide(Continuum.question(version, bytes: UInt64(bytes)), using: &random)
            let report = try decision.report()
            let references = report.references
            let factor = Math.exp(0.4 * 1.6448536269514722)
            let scores = cases.map { item in
                let (latency, joules, cost, grams) = item.prediction(bytes: Double(bytes))
                let over = objective.map { max(0, latency * factor - Double($0)) / Double($0) } ?? 0
                return weights.latency * latency / references.latencyMilliseconds
                    + weights.energy * joules / references.joules + weights.cost * cost / references.cost
                    + weights.carbon * grams / references.grams + 10 * over
            }
            let least = try #require(scores.min())
            for candidate in report.candidates {
                let index = try #require(cases.firstIndex { $0.node.name == candidate.node })
                #expect(abs(candidate.score / scores[index] - 1) < 1e-5)
            }
            let chosen = try #require(cases.firstIndex { $0.node.name == decision.chosen })
            #expect(scores[chosen] <= least * (1 + 1e-5))
            #expect(decision.propensity == 1)
        }
    }

    @Test(
        "the other policies that weigh find what an exhaustive search finds",
        arguments: [
            PolicyKind.shortestDelay, .leastLoaded, .edgeFirst, .cloudOnly, .cheapestFeasible, .localOnly,
        ]
    )
    func baselines(policy: PolicyKind) throws {
        var random = SplitMix64(seed: 2)
        let goal = 30.0
        for _ in 0..<500 {
            let cases = try Self.cases(using: &random)
            let version = try Continuum.version(objective: Objective(latency: .milliseconds(Int64(goal))))
            var placer = Self.placer(cases, version, PlacementSettings(policy: policy))
            let decision = placer.decide(Continuum.question(version), using: &random)
            let report = try decision.report()
            func latency(_ item: Case) -> Double { item.prediction(bytes: 0).latency }
            func load(_ item: Case) -> Double { Double(item.load.busy + item.load.queued) / Double(item.node.cores) }
            func price(_ item: Case) -> Double {
                let (_, joules, cost, _) = item.prediction(bytes: 0)
                return joules / report.references.joules + cost / report.references.cost
            }
            func tail(_ item: Case) -> Double { latency(item) * Math.exp(0.4 * 1.6448536269514722) }
            let free = cases.filter { $0.node.tier.text == "edge" && $0.load.busy + $0.load.queued < $0.node.cores }
            let notEdge = cases.filter { $0.node.tier.text != "edge" }
            let feasible = cases.filter { tail($0) <= goal }
            let (eligible, key): ([Case], (Case) -> Double) =
                switch policy {
                case .leastLoaded: (cases, load)
                case .edgeFirst: (free.isEmpty ? (notEdge.isEmpty ? cases : notEdge) : free, latency)
                case .cloudOnly: (cases.filter { $0.node.tier.text == "cloud" }, latency)
                case .cheapestFeasible: feasible.isEmpty ? (cases, tail) : (feasible, price)
                case .localOnly: ([cases[0]], { _ in 0 })
                default: (cases, latency)
                }
            guard let least = eligible.map(key).min() else {
                #expect(decision.chosen == nil)
                #expect(report.reason.contains("policy cloud-only uses the tier cloud alone"))
                continue
            }
            let chosen = try #require(eligible.first { $0.node.name == decision.chosen })
            #expect(key(chosen) <= least * (1 + 1e-5) + 1e-9)
            #expect(report.policy == policy.rawValue)
        }
    }
}
