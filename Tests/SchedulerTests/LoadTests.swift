import Domain
import Scheduler
import Testing

struct LoadTests {
    /// Nodes that are alike, each with four cores and a load report of the same moment.
    private static func alike(_ count: Int, settings: PlacementSettings) throws -> Placer {
        var placer = Placer(local: try Continuum.node("n0"), settings: settings)
        placer.setAvailability(.unavailable(reason: "it has no executor"), of: try NodeName("n0"))
        for index in 1...count {
            let node = try Continuum.node("n\(index)")
            placer.update(node)
            placer.measured(LinkEstimate(roundTripMilliseconds: 5, bytesPerMillisecond: 1000), to: node.name)
            placer.report(NodeLoad(), from: node.name, warm: [:], at: 1)
        }
        return placer
    }

    @Test(
        "decisions in a row on one old report spread over equally good nodes",
        arguments: [PolicyKind.adaptive, .shortestDelay, .leastLoaded, .powerOfTwo, .cheapestFeasible]
    )
    func herding(policy: PolicyKind) throws {
        var random = SplitMix64(seed: 1)
        var placer = try Self.alike(8, settings: PlacementSettings(policy: policy))
        let objective = Objective(latency: .milliseconds(200))
        let version = try Continuum.version(objective: policy == .cheapestFeasible ? objective : nil)
        var calls: [NodeName: Int] = [:]
        for _ in 0..<64 {
            let decision = placer.decide(Continuum.question(version), using: &random)
            let chosen = try #require(decision.chosen)
            placer.began(decision, on: chosen)
            calls[chosen, default: 0] += 1
        }
        #expect(calls.count == 8)
        // The cheapest may fill a node up to its objective; the others keep all within a few calls of the mean, 8.
        let most = policy == .cheapestFeasible ? 40 : policy == .powerOfTwo ? 12 : 10
        #expect(calls.values.allSatisfy { $0 <= most }, "\(calls)")
    }

    @Test("warm instances are handed out once")
    func warmOnce() throws {
        var random = SplitMix64(seed: 2)
        var placer = try Self.alike(4, settings: PlacementSettings(explorationRate: 0, tieMargin: 0.3))
        let version = try Continuum.version()
        let warm = try NodeName("n3")
        placer.report(NodeLoad(idle: 2), from: warm, warm: [version.digest: 2], at: 2)
        var chosen: [NodeName?] = []
        var decisions: [Decision] = []
        for _ in 0..<3 {
            let decision = placer.decide(Continuum.question(version), using: &random)
            placer.began(decision, on: try #require(decision.chosen))
            chosen.append(decision.chosen)
            decisions.append(decision)
        }
        #expect(chosen[0] == warm && chosen[1] == warm)
        let report = try decisions[2].report()
        #expect(report.candidates.allSatisfy { $0.coldProbability > 0.5 })
        // A call that ended leaves its instance warm.
        placer.ended(Continuum.outcome(decisions[0], on: warm, milliseconds: 10))
        #expect(placer.decide(Continuum.question(version), using: &random).chosen == warm)
        // A complete report that does not name it says that it is gone.
        placer.report(NodeLoad(), from: warm, warm: [:], at: 200)
        let after = try placer.decide(Continuum.question(version), using: &random).report()
        #expect(after.candidates.allSatisfy { $0.coldProbability > 0.5 })
        // A header's word about the one bundle counts as well.
        placer.report(NodeLoad(), from: warm, warm: version.digest, count: 1, at: 300)
        #expect(placer.decide(Continuum.question(version), using: &random).chosen == warm)
    }

    @Test("calls in flight are never negative and come back to none, whatever the order of events")
    func inFlight() throws {
        var random = SplitMix64(seed: 3)
        for round in 0..<50 {
            var (placer, version) = try Continuum.random(6, using: &random)
            var running: [(decision: Decision, node: NodeName)] = []
            var now: UInt64 = 1000
            for _ in 0..<200 {
                now += UInt64(random.index(below: 10_000_000))
                switch random.index(below: 6) {
                case 0, 1:
                    let decision = placer.decide(Continuum.question(version, at: now), using: &random)
                    let node = try NodeName("n\(random.index(below: 6))")
                    placer.began(decision, on: node)
                    running.append((decision, node))
                case 2, 3:
                    guard !running.isEmpty else { continue }
                    let (decision, node) = running.remove(at: random.index(below: running.count))
                    let isFailure = random.unit() < 0.2
                    placer.ended(
                        Continuum.outcome(decision, on: node, milliseconds: 5, isFailure: isFailure, at: now)
                    )
                case 4:
                    let node = try NodeName("n\(random.index(below: 6))")
                    placer.report(NodeLoad(busy: random.index(below: 5)), from: node, at: now)
                default:
                    // An ending of a call that was never begun does no harm.
                    let decision = placer.decide(Continuum.question(version, at: now), using: &random)
                    if round.isMultiple(of: 10), placer.inFlight(on: try NodeName("n5")) == 0 {
                        let node = try NodeName("n5")
                        placer.ended(Continuum.outcome(decision, on: node, milliseconds: 5, at: now))
                    }
                }
                for index in 0..<6 { #expect(placer.inFlight(on: try NodeName("n\(index)")) >= 0) }
            }
            for (decision, node) in running {
                placer.ended(Continuum.outcome(decision, on: node, milliseconds: 5, at: now))
            }
            for index in 0..<6 { #expect(placer.inFlight(on: try NodeName("n\(index)")) == 0) }
            let report = try placer.decide(Continuum.question(version, at: now), using: &random).report()
            for candidate in report.candidates {
                #expect(candidate.terms.wait >= 0 && candidate.terms.wait.isFinite)
                #expect((0...1).contains(candidate.coldProbability))
            }
        }
    }

    @Test("a report that is older than the last is passed over, and one in flight counts beside it")
    func reports() throws {
        var random = SplitMix64(seed: 4)
        var placer = Placer(local: try Continuum.node("n0", cores: 1))
        let far = try Continuum.node("far", cores: 1)
        placer.update(far)
        placer.measured(LinkEstimate(roundTripMilliseconds: 10, bytesPerMillisecond: 1000), to: far.name)
        let version = try Continuum.version()
        func wait(at now: UInt64) throws -> Double {
            let report = try placer.decide(Continuum.question(version, at: now), using: &random).report()
            return try #require(report.candidates.first { $0.node == far.name }).terms.wait
        }
        let millisecond: UInt64 = 1_000_000
        #expect(try wait(at: 0) == 0)
        placer.report(NodeLoad(busy: 2), from: far.name, at: 100 * millisecond)
        let busy = try wait(at: 101 * millisecond)
        #expect(busy > 0)
        placer.report(NodeLoad(), from: far.name, at: 50 * millisecond)
        #expect(try wait(at: 102 * millisecond) == busy)
        // A call that began within the last round trip is not in the report that comes now.
        let decision = placer.decide(Continuum.question(version, at: 195 * millisecond), using: &random)
        placer.began(decision, on: far.name)
        placer.report(NodeLoad(busy: 2), from: far.name, at: 200 * millisecond)
        #expect(try wait(at: 201 * millisecond) > busy)
        // A round trip later, it is.
        placer.report(NodeLoad(busy: 2), from: far.name, at: 220 * millisecond)
        #expect(try wait(at: 221 * millisecond) == busy)
    }

    @Test("the share of the wait that comes true is learned")
    func kappa() throws {
        var random = SplitMix64(seed: 5)
        var placer = Placer(local: try Continuum.node("n0", cores: 1))
        let version = try Continuum.version()
        var waits: [Double] = []
        for step in 0..<400 {
            let now = UInt64(step) * 1_000_000_000
            // Calls that mostly sleep: one more is all but for free.
            placer.report(NodeLoad(busy: step.isMultiple(of: 2) ? 4 : 0), from: try NodeName("n0"), at: now)
            let decision = placer.decide(Continuum.question(version, at: now), using: &random)
            placer.began(decision, on: try NodeName("n0"))
            let wait = try #require(try decision.report().candidates.first).terms.wait
            if step.isMultiple(of: 2) { waits.append(wait) }
            placer.ended(Continuum.outcome(decision, on: try NodeName("n0"), milliseconds: 20, at: now + 1))
        }
        #expect(try #require(waits.first) > 30)
        #expect(try #require(waits.last) < 12)
    }
}
