/// The factor from a predicted time to the one that a share of calls stays below, and its correction by what happens.
///
/// The factor is a quantile of the ratios observed so far. That alone misses its share when the world drifts, so that the
/// level is moved by adaptive conformal inference (Gibbs and Candès, NeurIPS 2021): after each call
/// α ← α + η·(α* − [call above its tail]), with α* the share that may be above. Whatever the distribution does, the long-run
/// share above is then α*.
package struct TailModel: Sendable {
    /// Observations before a sketch is believed; below them its parent's is used.
    package static let trust = 30.0
    private static let step = 0.01
    /// Calls between two looks at the quantile, which costs a walk over the bins.
    private static let stride = 8

    private(set) var sketch: ResidualSketch
    private let quantile: Double
    private var alpha: Double
    private var untilRefresh = 1
    private var cached: Double?

    /// Starts without observations, for the quantile that is to be predicted.
    package init(quantile: Double, forgetting: Double = 0.998) {
        self.quantile = min(max(quantile, 0.5), 0.999)
        self.alpha = 1 - self.quantile
        self.sketch = ResidualSketch(forgetting: forgetting)
    }

    /// The factor learned; nil before there are enough observations.
    package var factor: Double? { cached }

    /// The level that is read from the sketch at the moment.
    package var level: Double { min(max(1 - alpha, 0.5), 0.999) }

    /// Learns the ratio of observed to predicted time, and whether the call ended above its predicted tail.
    ///
    /// Returns whether ``factor`` may have changed.
    package mutating func observe(_ ratio: Double, isAbove: Bool) -> Bool {
        sketch.observe(ratio)
        let target = 1 - quantile
        let moved = alpha + Self.step * (target - (isAbove ? 1 : 0))
        // Held near its range, so that a long run of one kind is made good for within some tens of calls.
        alpha = min(max(moved, -2 * Self.step), min(0.5, 4 * target))
        untilRefresh -= 1
        guard untilRefresh <= 0 || isAbove else { return false }
        untilRefresh = Self.stride
        guard sketch.weight >= Self.trust else { return false }
        cached = sketch.quantile(level)
        return true
    }

    /// Lets what was observed count less, because the times have changed.
    package mutating func drifted() {
        sketch.fade(to: 0.2)
        if sketch.weight < Self.trust { untilRefresh = 1 }
    }

    /// Lets what was observed count for next to nothing, because it is out of date; until there is more, others' is used.
    package mutating func renew() {
        sketch.fade(to: 0.05)
        alpha = 1 - quantile
        cached = nil
        untilRefresh = 1
    }

    /// The factor where nothing was observed: a log-normal time with a standard deviation of 0.4.
    package static func prior(_ quantile: Double) -> Double { Math.exp(0.4 * Math.normalQuantile(quantile)) }
}
