/// A forgetful mean of logarithms, and of the input sizes they came with.
///
/// The size's mean lets the mean be moved to another size by whatever slope is known at the time
/// (``ExecutionModel``), so that a slope that is learned later corrects what was learned earlier.
package struct LogEstimate: Hashable, Sendable {
    /// Observations that count, after forgetting.
    package private(set) var weight = 0.0
    /// Mean of the logarithms.
    package private(set) var mean = 0.0
    /// Mean of the sizes, in the unit of ``SizeSlope``.
    package private(set) var size = 0.0

    /// Starts with nothing known.
    package init() {}

    /// Learns a logarithm that is worth `share` of an observation; older ones then count `forgetting` times as much.
    package mutating func observe(
        _ logarithm: Double,
        size: Double = 0,
        share: Double = 1,
        forgetting: Double = 0.99
    ) {
        weight = weight * forgetting + share
        guard weight > 0 else { return }
        let step = share / weight
        mean += step * (logarithm - mean)
        self.size += step * (size - self.size)
    }

    /// Keeps the mean but trusts it as if it came from at most `limit` observations.
    package mutating func shrink(to limit: Double) { weight = min(weight, limit) }
}
