import Domain
import Scheduler

/// Decisions one after another, each call begun and ended before the next, so that the placer learns as on a node.
struct Trial {
    /// Decisions that are timed.
    static let decisions = 25_000
    /// Decisions before those: each function was learned on some nodes by then.
    static let warmUp = 5000
    static let seed: UInt64 = 20_261_125

    private static let functions = 50
    /// Nanoseconds from one call to the next, by the placer's clock.
    private static let interval: UInt64 = 1_000_000
    /// Calls from one round of heartbeats to the next: a second of them.
    private static let heartbeat = 1000

    let candidates: Int

    func run() throws -> Times {
        let continuum = try SampleContinuum(nodes: candidates, functions: Self.functions)
        let clock = ContinuousClock()
        var generator = SplitMix64(seed: Self.seed)
        var placer = continuum.placer(using: &generator)
        var times = Times(expected: Self.decisions)
        for call in 0..<Self.warmUp + Self.decisions {
            let now = UInt64(call + 1) * Self.interval
            if call.isMultiple(of: Self.heartbeat) {
                continuum.reportLoads(to: &placer, at: now, using: &generator)
            }
            let question = PlacementQuestion(
                version: continuum.functions[call % Self.functions],
                requestBytes: 1000,
                now: now
            )
            let begin = clock.now
            let decision = placer.decide(question, using: &generator)
            let elapsed = clock.now - begin
            if call >= Self.warmUp { times.append(elapsed) }
            try Self.finish(decision, placer: &placer, now: now, using: &generator)
        }
        return times
    }

    /// Lets the call be answered about when it was predicted to be.
    private static func finish(
        _ decision: Decision,
        placer: inout Placer,
        now: UInt64,
        using generator: inout SplitMix64
    ) throws {
        guard let node = decision.chosen, let prediction = decision.prediction else {
            throw TimerError("a call was placed nowhere")
        }
        placer.began(decision, on: node)
        let observation = Observation(
            decision: decision,
            node: node,
            totalMilliseconds: prediction.median * (0.8 + 0.5 * generator.unit()),
            executionMilliseconds: 10 * (0.8 + 0.5 * generator.unit()),
            cpuMilliseconds: 8,
            joules: 0.02,
            requestBytes: 1000,
            responseBytes: 100,
            now: now + interval / 2
        )
        placer.ended(observation)
    }
}
