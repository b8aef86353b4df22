import Domain
import Scheduler
import Testing

struct NodeTests {
    private static let second: UInt64 = 1_000_000_000

    private static func placer(_ count: Int) throws -> Placer {
        var placer = Placer(
            local: try Continuum.node("n0", site: "hall"),
            settings: PlacementSettings(explorationRate: 0)
        )
        for index in 1..<count {
            placer.update(try Continuum.node("n\(index)", site: index.isMultiple(of: 2) ? "hall" : "barn"))
        }
        return placer
    }

    @Test("nodes come, change and go, and what is known of the others stays", arguments: [2, 5, 9, 17])
    func membership(count: Int) throws {
        var random = SplitMix64(seed: 1)
        var placer = try Self.placer(count)
        let version = try Continuum.version()
        for index in 0..<count {
            let name = try NodeName("n\(index)")
            let link = LinkEstimate(roundTripMilliseconds: Double(10 + index), bytesPerMillisecond: 1000)
            placer.measured(link, to: name)
            placer.report(NodeLoad(), from: name, warm: index == 1 ? [version.digest: 1] : [:], at: 1)
        }
        _ = placer.decide(Continuum.question(version), using: &random)
        let gone = try NodeName("n\(count / 2)")
        placer.remove(gone)
        #expect(placer.nodeCount == count - 1)
        let report = try placer.decide(Continuum.question(version), using: &random).report()
        #expect(report.candidates.count == min(8, count - 1))
        #expect(!report.candidates.contains { $0.node == gone })
        for candidate in report.candidates where candidate.node.text != "n0" {
            let index = try #require(Int(candidate.node.text.dropFirst()))
            #expect(candidate.terms.network == Double(10 + index))
            #expect((candidate.coldProbability < 0.5) == (index == 1))
        }
        placer.update(try Continuum.node(gone.text))
        placer.remove(try NodeName("n0"))
        placer.remove(try NodeName("unknown"))
        #expect(placer.nodeCount == count)
        // Decisions made before refer to nodes as they were.
        #expect(report.excluded.isEmpty)
    }

    @Test("sensitive calls stay in the site they arrived at")
    func sensitive() throws {
        var random = SplitMix64(seed: 2)
        var placer = try Self.placer(6)
        let version = try Continuum.version(placement: PlacementConstraints(sensitive: true))
        for site in ["hall", "barn", "hall"] {
            let question = PlacementQuestion(version: version, origin: try Site(site), now: 1)
            let report = try placer.decide(question, using: &random).report()
            #expect(report.candidates.count == 3 && report.excluded.count == 3)
            let isOdd = report.candidates.allSatisfy { ["n1", "n3", "n5"].contains($0.node.text) }
            #expect(isOdd == (site == "barn"))
        }
    }

    @Test("barred and unavailable nodes are left out for that call, or until they are back")
    func barred() throws {
        var random = SplitMix64(seed: 3)
        var placer = try Self.placer(3)
        let version = try Continuum.version()
        let (one, two) = (try NodeName("n1"), try NodeName("n2"))
        placer.setAvailability(.unavailable(reason: "it drains"), of: one)
        let barred = [two: "it was tried already", try NodeName("n0"): "it was tried already"]
        let none = placer.decide(Continuum.question(version, barred: barred), using: &random)
        #expect(none.chosen == nil && none.propensity == 0 && none.replay() == nil)
        let some = try placer.decide(Continuum.question(version), using: &random).report()
        #expect(some.candidates.count == 2)
        #expect(some.excluded.first?.reasons == ["it drains"])
        placer.setAvailability(.available, of: one)
        #expect(placer.decide(Continuum.question(version), using: &random).candidateCount == 3)
        let local = PlacementQuestion(version: version, staysLocal: true, now: 1)
        let decision = placer.decide(local, using: &random)
        #expect(decision.isLocal && decision.propensity == 1)
        #expect(try decision.report().excluded.count == 2)
    }

    @Test("a node that loses calls is left out while there are others, and comes back with time")
    func failing() throws {
        var random = SplitMix64(seed: 4)
        var placer = try Self.placer(3)
        let version = try Continuum.version()
        let one = try NodeName("n1")
        for step in 0..<20 {
            let decision = placer.decide(Continuum.question(version), using: &random)
            placer.began(decision, on: one)
            placer.ended(
                Continuum.outcome(
                    decision,
                    on: one,
                    milliseconds: 0,
                    isFailure: true,
                    at: UInt64(step + 1) * Self.second
                )
            )
        }
        let report = try placer.decide(Continuum.question(version, at: 21 * Self.second), using: &random).report()
        #expect(report.candidates.count == 2)
        #expect(report.excluded.first?.reasons.first?.hasPrefix("it lost ") == true)
        // Better it than none.
        let others = [try NodeName("n0"): "it was tried already", try NodeName("n2"): "it was tried already"]
        let last = placer.decide(Continuum.question(version, at: 21 * Self.second, barred: others), using: &random)
        #expect(last.chosen == one && last.replay() == one)
        #expect(try last.report().excluded.count == 2)
        let later = placer.decide(Continuum.question(version, at: 7200 * Self.second), using: &random)
        #expect(later.candidateCount == 3)
    }

    @Test("a new version inherits, an old one is forgotten, and its endings do no harm")
    func versions() throws {
        var random = SplitMix64(seed: 5)
        var placer = try Self.placer(2)
        var decisions: [Decision] = []
        for number in 1...9 {
            let version = try Continuum.version(number: UInt32(number))
            let name = try NodeName("n0")
            for _ in 0..<20 {
                let decision = placer.decide(Continuum.question(version), using: &random)
                placer.began(decision, on: name)
                if number == 1 { decisions.append(decision) }
                placer.ended(Continuum.outcome(decision, on: name, milliseconds: 200))
            }
        }
        let next = placer.decide(Continuum.question(try Continuum.version(number: 10)), using: &random)
        #expect(abs(try #require(next.prediction).median / 200 - 1) < 0.3)
        for decision in decisions {
            placer.began(decision, on: try NodeName("n0"))
            placer.ended(Continuum.outcome(decision, on: try NodeName("n0"), milliseconds: 1))
        }
        placer.forget(try FunctionName("f"))
        let fresh = placer.decide(Continuum.question(try Continuum.version(number: 10)), using: &random)
        #expect(try #require(fresh.prediction).median < 30)
        #expect(placer.inFlight(on: try NodeName("n0")) == 0)
    }

    @Test("what a class taught is kept by a node that changes, unless its class does")
    func changes() throws {
        var random = SplitMix64(seed: 6)
        var placer = try Self.placer(2)
        let version = try Continuum.version()
        let one = try NodeName("n1")
        for step in 0..<3 {
            let decision = placer.decide(Continuum.question(version), using: &random)
            placer.began(decision, on: one)
            let now = UInt64(step + 1) * Self.second
            placer.ended(Continuum.outcome(decision, on: one, milliseconds: 0, isFailure: true, at: now))
        }
        func loses() throws -> Bool {
            let report = try placer.decide(Continuum.question(version), using: &random).report()
            let candidate = try #require(report.candidates.first { $0.node == one })
            let plain = candidate.p50 / report.references.latencyMilliseconds * report.weights.latency
            return candidate.contributions.latency > plain * 1.01
        }
        #expect(try loses())
        placer.update(try Continuum.node("n1", cores: 16, price: 3))
        #expect(try loses())
        placer.update(try Continuum.node("n1", deviceClass: "other"))
        #expect(try !loses())
    }
}
