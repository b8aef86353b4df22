import Domain
import Scheduler
import Testing

struct ExplanationTests {
    /// Decisions of random continua with random weights, objectives and settings.
    static func decisions(
        _ count: Int,
        seed: UInt64,
        _ body: (Decision) throws -> Void
    ) throws {
        var random = SplitMix64(seed: seed)
        for round in 0..<count / 20 {
            let objective =
                round.isMultiple(of: 2)
                ? Objective(latency: .milliseconds(20 + Int64(random.index(below: 120))), quantile: 0.95) : nil
            let settings = PlacementSettings(
                explorationRate: round.isMultiple(of: 5) ? 0.1 : 0,
                tieMargin: round.isMultiple(of: 3) ? 0 : 0.02
            )
            let size = 2 + random.index(below: round.isMultiple(of: 7) ? 60 : 10)
            var (placer, version) = try Continuum.random(size, settings: settings, objective: objective, using: &random)
            for step in 0..<20 {
                placer.setWeights(
                    Continuum.weights(try Continuum.randomWeights(using: &random), revision: step + 1)
                )
                let question = Continuum.question(version, bytes: UInt64(random.index(below: 200_000)))
                let decision = placer.decide(question, using: &random)
                if let chosen = decision.chosen { placer.began(decision, on: chosen) }
                try body(decision)
            }
        }
    }

    @Test("terms add up to the median and contributions to the score, exactly, in 10,000 decisions")
    func sums() throws {
        var count = 0
        try Self.decisions(10_000, seed: 1) { decision in
            let report = try decision.report()
            for candidate in report.candidates {
                #expect(candidate.p50 == candidate.terms.sum)
                #expect(candidate.score == candidate.contributions.sum)
                #expect(candidate.tail >= candidate.p50 * 0.5)
            }
            let scores = report.candidates.map(\.score)
            #expect(scores == scores.sorted())
            #expect(report.candidates.count + report.moreCandidates + report.excluded.count >= 2)
            count += 1
        }
        #expect(count == 10_000)
    }

    @Test("a replay gives the choice again, always")
    func replays() throws {
        try Self.decisions(10_000, seed: 2) { decision in
            #expect(decision.replay() == decision.chosen)
            let report = try decision.report()
            #expect(decision.replay(Overrides(weights: report.weights)) == decision.chosen)
        }
    }

    @Test("every counterfactual flips the choice to its winner, and 0.99 of it does not")
    func counterfactuals() throws {
        var found = 0
        var explained = 0
        var contested = 0
        try Self.decisions(10_000, seed: 3) { decision in
            guard !decision.isExploration, decision.candidateCount > 1 else { return }
            contested += 1
            let report = try decision.report()
            if !report.counterfactuals.isEmpty { explained += 1 }
            for change in report.counterfactuals {
                found += 1
                func overrides(_ value: Double) throws -> Overrides {
                    switch change.kind {
                    case .weight:
                        Overrides(weights: report.weights.setting(try #require(change.weight), to: value))
                    case .roundTrip: Overrides(roundTrips: [try #require(change.subject): value])
                    case .wait: Overrides(waits: [try #require(change.subject): value])
                    }
                }
                #expect(change.winner != decision.chosen)
                #expect(decision.replay(try overrides(change.threshold)) == change.winner)
                let almost = change.current + 0.99 * (change.threshold - change.current)
                #expect(decision.replay(try overrides(almost)) == decision.chosen)
                #expect(change.text.hasPrefix(change.winner.text))
            }
        }
        #expect(Double(explained) > 0.95 * Double(contested), "\(explained) of \(contested), \(found) in all")
    }

    @Test("why a candidate was not chosen is said in words")
    func words() throws {
        var random = SplitMix64(seed: 4)
        var placer = Placer(
            local: try Continuum.node("near", deviceClass: "pi", watts: 3),
            settings: PlacementSettings(explorationRate: 0, tieMargin: 0)
        )
        let far = try Continuum.node("far", tier: "cloud", deviceClass: "xeon", watts: 60)
        placer.update(far)
        placer.measured(LinkEstimate(roundTripMilliseconds: 200, bytesPerMillisecond: 10_000), to: far.name)
        let version = try Continuum.version(objective: Objective(latency: .milliseconds(100)))
        let decision = placer.decide(Continuum.question(version), using: &random)
        let report = try decision.report()
        #expect(report.chosen?.text == "near")
        #expect(report.runnerUp?.text == "far")
        let whyNot = try #require(report.candidates.first { $0.node == far.name }).whyNot
        #expect(whyNot.contains("misses the objective at p95 by"))
        #expect(whyNot.contains("network +200 ms"))
        #expect(whyNot.contains("energy +"))
        #expect(report.candidates.first { $0.node.text == "near" }?.whyNot.isEmpty == true)
        #expect(report.model == "additive-1/r0")
        #expect(report.reason == "near has the least score of 2 candidates")
    }

    @Test("a candidate that is out has all reasons")
    func exclusions() throws {
        var random = SplitMix64(seed: 5)
        var placer = Placer(local: try Continuum.node("here", site: "hall", memory: .mebibytes(64)))
        let barn = try Continuum.node("barn", site: "barn")
        placer.update(barn)
        placer.setAvailability(.unavailable(reason: "it drains"), of: barn.name)
        let constraints = PlacementConstraints(tiers: [try Tier("cloud")], sites: [try Site("attic")])
        let version = try Continuum.version(placement: constraints, memory: .mebibytes(128))
        let question = Continuum.question(version, barred: [barn.name: "it was tried already"])
        let decision = placer.decide(question, using: &random)
        let report = try decision.report()
        #expect(report.chosen == nil)
        #expect(report.candidates.isEmpty)
        #expect(report.excluded.count == 2)
        #expect(report.excluded.first { $0.node.text == "here" }?.reasons.count == 3)
        let reasons = report.excluded.first { $0.node == barn.name }?.reasons ?? []
        #expect(reasons.count == 4)
        #expect(reasons.contains("it drains") && reasons.contains("it was tried already"))
        #expect(decision.refusal == report.reason)
        #expect(report.reason.hasPrefix("no node may run it: here: its tier is edge"))
    }
}
