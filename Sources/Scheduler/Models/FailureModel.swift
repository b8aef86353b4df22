/// How often a node loses calls, as far as is known: what its latency is stretched by, and when it is left out.
///
/// A Beta–Bernoulli estimate whose counts halve every ten minutes. A call that fails is made again, so that the time until
/// one succeeds grows by 1/(1 − p), relative to a node of which nothing is known. Beyond p = ½, with at least four
/// failures counting, a node gets calls only where there is no other.
package struct FailureModel: Sendable {
    private static let halfLife = 600e9
    private static let limit = 0.5
    private static let leastFailures = 4.0
    private static let prior = BetaCounts(mean: 0.02, trust: 5)

    private var counts = FailureModel.prior
    private var updated: UInt64 = 0

    /// Starts with a node of which nothing is known.
    package init() {}

    /// Probability that a call fails.
    package var probability: Double { counts.probability }

    /// What a latency is multiplied with: at least 1.
    package var factor: Double { max(1, (1 - Self.prior.probability) / (1 - min(probability, 0.95))) }

    /// Whether the node is left out where there is another.
    package var isFailing: Bool { probability > Self.limit && counts.yeses >= Self.leastFailures }

    /// Learns how a call went at `now`, in nanoseconds.
    package mutating func observe(isFailure: Bool, at now: UInt64) {
        fade(at: now)
        counts.observe(isFailure, forgetting: 0.97)
    }

    /// Lets old counts fade.
    package mutating func fade(at now: UInt64) {
        guard now > updated else { return }
        defer { updated = now }
        guard updated > 0, counts.weight > 0 else { return }
        counts.fade(by: Math.exp(-0.6931471805599453 * Double(now - updated) / Self.halfLife))
    }
}
