import Domain
import Scheduler
import Testing

struct ExplorationTests {
    @Test("exploration stays among candidates that are safe", arguments: [true, false])
    func safe(hasObjective: Bool) throws {
        var random = SplitMix64(seed: 1)
        var explored = 0
        for _ in 0..<300 {
            let objective = hasObjective ? Objective(latency: .milliseconds(60)) : nil
            let settings = PlacementSettings(explorationRate: 0.1)
            var (placer, version) = try Continuum.random(8, settings: settings, objective: objective, using: &random)
            for _ in 0..<50 {
                let decision = placer.decide(Continuum.question(version), using: &random)
                guard decision.isExploration, !decision.isProbe else { continue }
                explored += 1
                let report = try decision.report()
                let chosen = try #require(report.candidates.first { $0.node == decision.chosen })
                if hasObjective {
                    #expect(chosen.tail <= 60 * (1 + 1e-6))
                } else {
                    #expect(chosen.score <= 1.5 * (try #require(report.candidates.first)).score * (1 + 1e-6))
                }
                #expect(report.counterfactuals.isEmpty)
                #expect(decision.replay() == decision.chosen)
                #expect(report.reason.contains("was tried to learn"))
            }
        }
        #expect(explored > 100)
    }

    @Test("what is least known is explored")
    func leastKnown() throws {
        var random = SplitMix64(seed: 2)
        var placer = Placer(
            local: try Continuum.node("n0", deviceClass: "known"),
            settings: PlacementSettings(explorationRate: 0.1)
        )
        for index in 1...5 {
            let node = try Continuum.node("n\(index)", deviceClass: index == 4 ? "new" : "known")
            placer.update(node)
            placer.measured(LinkEstimate(roundTripMilliseconds: 1, bytesPerMillisecond: 1000), to: node.name)
        }
        let version = try Continuum.version()
        for _ in 0..<30 {
            let decision = placer.decide(Continuum.question(version), using: &random)
            let node = try NodeName("n0")
            placer.began(decision, on: node)
            placer.ended(Continuum.outcome(decision, on: node, milliseconds: 10))
        }
        var tried: Set<String> = []
        for _ in 0..<500 {
            let decision = placer.decide(Continuum.question(version), using: &random)
            if decision.isExploration { tried.insert(try #require(decision.chosen).text) }
        }
        #expect(tried == ["n4"])
    }

    @Test("propensities add up: each node is chosen as often as is logged")
    func propensities() throws {
        var random = SplitMix64(seed: 3)
        for round in 0..<20 {
            let objective = round.isMultiple(of: 2) ? Objective(latency: .milliseconds(80)) : nil
            let settings = PlacementSettings(explorationRate: 0.1, tieMargin: 0.3)
            let (start, version) = try Continuum.random(
                4 + random.index(below: 20),
                settings: settings,
                objective: objective,
                using: &random
            )
            var placer = start
            let count = 10_000
            var frequencies: [NodeName: Double] = [:]
            var propensities: [NodeName: Double] = [:]
            for _ in 0..<count {
                let decision = placer.decide(Continuum.question(version), using: &random)
                let chosen = try #require(decision.chosen)
                frequencies[chosen, default: 0] += 1 / Double(count)
                let before = propensities.updateValue(decision.propensity, forKey: chosen)
                #expect(before == nil || before == decision.propensity)
            }
            // Nodes that were never chosen in 10,000 draws have next to none.
            #expect(abs(propensities.values.reduce(0, +) - 1) < 0.005)
            for (node, frequency) in frequencies {
                let propensity = try #require(propensities[node])
                let deviation = (propensity * (1 - propensity) / Double(count)).squareRoot()
                #expect(abs(frequency - propensity) < 5 * deviation + 1e-9)
            }
        }
    }

    @Test("without exploration nothing is explored")
    func off() throws {
        var random = SplitMix64(seed: 4)
        var (placer, version) = try Continuum.random(
            20,
            settings: PlacementSettings(explorationRate: 0),
            using: &random
        )
        for _ in 0..<1000 {
            #expect(!placer.decide(Continuum.question(version), using: &random).isExploration)
        }
    }
}
