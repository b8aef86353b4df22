/// A candidate in the record of a decision: what it was scored with.
struct CandidateRow: Hashable, Sendable {
    /// Its number in the fleet.
    var slot: Int32 = 0
    /// Decides between candidates that are equally good: the least wins, and that of the one chosen is 0.
    var lot: UInt32 = 0
    var roundTrip: Float = 0
    var transfer: Float = 0
    var wait: Float = 0
    /// The share of the running time that `wait` has for running beside others.
    var contention: Float = 0
    var cold: Float = 0
    var coldProbability: Float = 0
    var execution: Float = 0
    var tailFactor: Float = 0
    var failure: Float = 0
    var joules: Float = 0
    var cost: Float = 0
    var grams: Float = 0
    var observations: Float = 0
    /// Calls that could go to warm instances; -1 where that was not known.
    var spare: Float = 0

    /// Whether a call probably finds an instance.
    var isWarm: Bool { coldProbability <= AdaptivePolicy.warmLimit }
    /// Predicted milliseconds, in the order of ``CandidateBlock/latency``.
    var latency: Float { roundTrip + transfer + wait + cold + execution }
    /// Predicted milliseconds at the quantile.
    var tail: Float { latency * tailFactor }
}
