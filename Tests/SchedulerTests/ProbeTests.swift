import Domain
import Scheduler
import Testing

struct ProbeTests {
    private static let objective = Objective(latency: .milliseconds(100))

    /// A costly node that decides, and a cheap one beside it.
    private static func pair() throws -> Placer {
        var placer = Placer(local: try Continuum.node("costly", deviceClass: "server", watts: 50))
        let cheap = try Continuum.node("cheap", tier: "fog", deviceClass: "board", watts: 1)
        placer.update(cheap)
        placer.measured(LinkEstimate(roundTripMilliseconds: 1, bytesPerMillisecond: 100_000), to: cheap.name)
        placer.setWeights(Continuum.weights(try Weights(latency: 0.2, energy: 0.8, cost: 0, carbon: 0)))
        return placer
    }

    @Test(
        "a node that was overloaded for a minute gets its calls back within five minutes",
        arguments: 1...5 as ClosedRange<UInt64>
    )
    func recovers(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var placer = try Self.pair()
        let version = try Continuum.version(objective: Self.objective)
        // Twenty calls a second: a minute as it should be, a minute of overload, six minutes after that.
        var cheap = [Int](repeating: 0, count: 8)
        var probes = 0
        for step in 0..<(8 * 1200) {
            let minute = step / 1200
            let now = UInt64(step + 1) * 50_000_000
            let decision = placer.decide(Continuum.question(version, at: now), using: &random)
            let chosen = try #require(decision.chosen)
            let time = (chosen.text == "costly" ? 15 : minute == 1 ? 400 : 20) * (0.9 + 0.2 * random.unit())
            placer.began(decision, on: chosen)
            placer.ended(Continuum.outcome(decision, on: chosen, milliseconds: time, at: now))
            if chosen.text == "cheap" { cheap[minute] += 1 }
            if decision.isProbe { probes += 1 }
        }
        #expect(cheap[0] > 1000)
        #expect(cheap[1] < 300)
        #expect(cheap[7] > 1000, "by minute: \(cheap)")
        #expect(probes < 8 * 1200 / 100)
    }

    @Test(
        "where all nodes are thought to miss the objective, it is found out soon whether they do",
        arguments: 1...8 as ClosedRange<UInt64>
    )
    func unluckyBeginning(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var placer = try Self.pair()
        let version = try Continuum.version(objective: Self.objective)
        var late = 0
        for step in 0..<300 {
            let now = UInt64(step + 1) * 50_000_000
            let decision = placer.decide(Continuum.question(version, at: now), using: &random)
            let chosen = try #require(decision.chosen)
            // The node that keeps it was slow by chance in the beginning; the other never keeps it.
            let time = (chosen.text == "cheap" ? 300 : step < 20 ? 900 : 15) * (0.9 + 0.2 * random.unit())
            placer.began(decision, on: chosen)
            placer.ended(Continuum.outcome(decision, on: chosen, milliseconds: time, at: now))
            if step >= 20, time > 100 { late += 1 }
        }
        #expect(late < 100, "\(late) of 280 calls were late")
    }

    @Test("a cheap node whose start misses the objective is found, at a bounded share of calls")
    func findsCold() throws {
        var random = SplitMix64(seed: 9)
        var placer = try Self.pair()
        let version = try Continuum.version(objective: Self.objective)
        let name = try NodeName("cheap")
        var isWarm = false
        var lastThousand = 0
        for step in 0..<6000 {
            let now = UInt64(step + 1) * 50_000_000
            placer.report(NodeLoad(), from: name, warm: [version.digest: isWarm ? 4 : 0], at: now)
            let decision = placer.decide(Continuum.question(version, at: now), using: &random)
            let chosen = try #require(decision.chosen)
            let isCold = chosen == name && !isWarm
            placer.began(decision, on: chosen)
            placer.ended(
                Continuum.outcome(
                    decision,
                    on: chosen,
                    milliseconds: 20,
                    total: isCold ? 820 : 21,
                    start: isCold ? .cold : .warm,
                    cold: isCold ? 800 : 0,
                    at: now
                )
            )
            if chosen == name {
                isWarm = true
                if step >= 5000 { lastThousand += 1 }
            }
        }
        #expect(lastThousand > 900)
    }

    @Test("one probe is on its way at a time, and at most half a call in a hundred is one")
    func bounded() throws {
        var random = SplitMix64(seed: 10)
        var placer = try Self.pair()
        let version = try Continuum.version(objective: Self.objective)
        placer.measured(LinkEstimate(roundTripMilliseconds: 5000, bytesPerMillisecond: 1000), to: try NodeName("cheap"))
        var probes = 0
        for _ in 0..<20_000 {
            let decision = placer.decide(Continuum.question(version), using: &random)
            guard decision.isProbe else { continue }
            probes += 1
            #expect(decision.propensity == 0.005)
            #expect(decision.replay() == decision.chosen)
            #expect(try decision.report().reason.contains("still as slow"))
        }
        #expect((60...140).contains(probes))
        var inFlight = 0
        for _ in 0..<20_000 {
            let decision = placer.decide(Continuum.question(version), using: &random)
            guard decision.isProbe else { continue }
            inFlight += 1
            placer.began(decision, on: try #require(decision.chosen))
        }
        #expect(inFlight == 1)
        // One that never ends does not keep others back for good.
        var later = 0
        for _ in 0..<5000 {
            let decision = placer.decide(Continuum.question(version, at: 100_000_000_000), using: &random)
            if decision.isProbe { later += 1 }
        }
        #expect(later > 0)
    }

    @Test("placement follows the carbon intensity that a node reports, and its description where it reports none")
    func carbon() throws {
        var random = SplitMix64(seed: 11)
        var placer = Placer(
            local: try Continuum.node("home", deviceClass: "server", carbon: 200),
            settings: PlacementSettings(explorationRate: 0, tieMargin: 0)
        )
        let away = try Continuum.node("away", deviceClass: "server", carbon: 300)
        placer.update(away)
        placer.measured(LinkEstimate(roundTripMilliseconds: 1, bytesPerMillisecond: 100_000), to: away.name)
        placer.setWeights(Continuum.weights(try Weights(latency: 0, energy: 0, cost: 0, carbon: 1)))
        let version = try Continuum.version()
        let warm = [version.digest: 1]
        placer.report(NodeLoad(), from: try NodeName("home"), warm: warm, at: 1)
        func chosen(_ intensity: Double?, at now: UInt64) throws -> String? {
            let heard = NodeLoad(headerText: NodeLoad(carbonIntensity: intensity).headerText)
            placer.report(try #require(heard), from: away.name, warm: warm, at: now)
            return placer.decide(Continuum.question(version), using: &random).chosen?.text
        }
        #expect(try chosen(nil, at: 2) == "home")
        #expect(try chosen(20, at: 3) == "away")
        #expect(try chosen(500, at: 4) == "home")
        #expect(try chosen(0, at: 5) == "away")
    }
}
