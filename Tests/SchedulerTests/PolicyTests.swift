import Domain
import Scheduler
import Testing

struct PolicyTests {
    /// Nodes that are alike but for their loads, without the function's times learned.
    private static func placer(_ policy: PolicyKind, loads: [Int], cores: Int = 2) throws -> Placer {
        var placer = Placer(
            local: try Continuum.node("n0", cores: cores),
            settings: PlacementSettings(policy: policy, explorationRate: 0)
        )
        for (index, busy) in loads.enumerated() {
            let node = try Continuum.node("n\(index)", cores: cores)
            placer.update(node)
            placer.measured(LinkEstimate(roundTripMilliseconds: 2, bytesPerMillisecond: 1000), to: node.name)
            placer.report(NodeLoad(busy: busy), from: node.name, warm: [:], at: 1)
        }
        return placer
    }

    private static func shares(_ placer: Placer, _ count: Int, seed: UInt64 = 1) throws -> [String: Double] {
        var random = SplitMix64(seed: seed)
        var placer = placer
        let version = try Continuum.version()
        var shares: [String: Double] = [:]
        var propensities: [String: Double] = [:]
        for _ in 0..<count {
            let decision = placer.decide(Continuum.question(version), using: &random)
            let chosen = try #require(decision.chosen)
            shares[chosen.text, default: 0] += 1 / Double(count)
            propensities[chosen.text] = decision.propensity
        }
        // What is logged is what happens, within four standard deviations.
        for (name, share) in shares {
            let propensity = try #require(propensities[name])
            guard placer.settings.policy != .roundRobin else { continue }
            let deviation = (propensity * (1 - propensity) / Double(count)).squareRoot()
            #expect(abs(share - propensity) <= 4 * deviation + 1e-9, "\(name): \(share), logged \(propensity)")
        }
        return shares
    }

    @Test("random gives all the same chance")
    func randomly() throws {
        #expect(try Self.shares(try Self.placer(.random, loads: [0, 5, 1, 9, 3]), 20_000).count == 5)
    }

    @Test("round-robin goes round")
    func roundRobin() throws {
        var random = SplitMix64(seed: 1)
        var placer = try Self.placer(.roundRobin, loads: [0, 5, 1])
        let version = try Continuum.version()
        let barred = [try NodeName("n1"): "it was tried already"]
        let names = (0..<7).map { step in
            let question = Continuum.question(version, barred: step < 5 ? [:] : barred)
            return placer.decide(question, using: &random).chosen?.text
        }
        #expect(names == ["n0", "n1", "n2", "n0", "n1", "n2", "n0"])
    }

    @Test("power of two prefers the less loaded, as often as it says")
    func powerOfTwo() throws {
        let shares = try Self.shares(try Self.placer(.powerOfTwo, loads: [0, 4, 4, 9]), 40_000)
        #expect(abs((shares["n0"] ?? 0) - 0.5) < 0.01)
        #expect(shares["n3"] == nil)
    }

    @Test("least loaded breaks ties by chance")
    func leastLoaded() throws {
        let shares = try Self.shares(try Self.placer(.leastLoaded, loads: [4, 1, 1, 9]), 10_000)
        #expect(Set(shares.keys) == ["n1", "n2"])
    }

    @Test("consistent hashing keeps to a node, moves little when one goes, and bounds loads")
    func consistentHash() throws {
        var random = SplitMix64(seed: 1)
        let count = 20
        var placer = try Self.placer(.consistentHash, loads: Array(repeating: 0, count: count))
        let versions = try (0..<200).map { try Continuum.version("f\($0)") }
        func homes() -> [NodeName?] {
            versions.map { placer.decide(Continuum.question($0), using: &random).chosen }
        }
        let before = homes()
        #expect(before == homes())
        #expect(Set(before).count > 15)
        let gone = try NodeName("n7")
        placer.remove(gone)
        for (old, new) in zip(before, homes()) where old != gone { #expect(old == new) }
        // A function with many calls spills over: no node has more than 1.25 times its share, rounded up.
        var calls: [NodeName: Int] = [:]
        for _ in 0..<400 {
            let decision = placer.decide(Continuum.question(versions[0]), using: &random)
            let chosen = try #require(decision.chosen)
            placer.began(decision, on: chosen)
            calls[chosen, default: 0] += 1
        }
        #expect(calls.values.allSatisfy { $0 <= Int((1.25 * 400 / 19).rounded(.up)) })
    }

    @Test("a policy in the shadow sees the same and changes nothing", arguments: PolicyKind.allCases)
    func shadow(policy: PolicyKind) throws {
        var random = SplitMix64(seed: 7)
        var (placer, version) = try Continuum.random(12, using: &random)
        placer.settings.policy = policy
        var watched = placer
        watched.settings.shadow = .shortestDelay
        var (left, right) = (SplitMix64(seed: 8), SplitMix64(seed: 8))
        for _ in 0..<200 {
            let alone = placer.decide(Continuum.question(version), using: &left)
            let decision = watched.decide(Continuum.question(version), using: &right)
            #expect(alone.chosen == decision.chosen)
            let shadow = try #require(try decision.report().shadow)
            #expect(shadow.policy == "shortest-delay")
            #expect(shadow.chosen != nil)
            if policy == .shortestDelay { #expect(shadow.chosen == decision.chosen) }
            #expect(try alone.report().shadow == nil)
        }
    }

    @Test("one node alone is every policy's choice", arguments: PolicyKind.allCases)
    func alone(policy: PolicyKind) throws {
        var random = SplitMix64(seed: 1)
        let node = try Continuum.node("only", tier: "cloud")
        var placer = Placer(local: node, settings: PlacementSettings(policy: policy))
        let decision = placer.decide(Continuum.question(try Continuum.version()), using: &random)
        #expect(decision.chosen == node.name && decision.isLocal && decision.propensity == 1)
        let report = try decision.report()
        #expect(report.reason == "this node is the only one that may run it")
        #expect(report.candidates.count == 1 && report.counterfactuals.isEmpty && report.runnerUp == nil)
    }
}
