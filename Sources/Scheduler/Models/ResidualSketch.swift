/// How observed times relate to predicted ones: quantiles of the ratio to 1 %, in bounded memory, with old ones fading.
///
/// A DDSketch (Masson, Rim and Lee, VLDB 2019): bin i holds ratios in (γⁱ⁻¹, γⁱ] with γ = (1 + ε)/(1 − ε), ε = 0.01, so
/// that a bin's middle is within ε of all it holds. Ratios beyond e⁵ either way go to the outermost bins, which bounds a
/// sketch to 501 bins. Merging adds bins and loses nothing. Old values fade by giving new ones ever more weight.
package struct ResidualSketch: Sendable {
    /// Relative error ε.
    package static let accuracy = 0.01
    private static let base = (1 + accuracy) / (1 - accuracy)
    private static let logBase = Math.log(base)
    /// Bins on either side of ratio 1: 5 / ln γ.
    private static let reach = 250

    private var bins: [Float] = []
    private var total = 0.0
    /// What the next value weighs; grows by 1/forgetting a value.
    private var scale = 1.0
    private let forgetting: Double

    /// Starts empty; a value counts `forgetting` times less with each later one.
    package init(forgetting: Double = 0.999) { self.forgetting = forgetting }

    /// Values that count, after forgetting.
    package var weight: Double { total / scale }

    /// Adds a ratio of observed to predicted time.
    package mutating func observe(_ ratio: Double) {
        guard ratio > 0, ratio.isFinite else { return }
        if bins.isEmpty { bins = Array(repeating: 0, count: 2 * Self.reach + 1) }
        scale /= forgetting
        bins[Self.bin(ratio)] += Float(scale)
        total += scale
        if scale > 1e6 { rescale(by: 1) }
    }

    /// The ratio below which a share of the values lies; nil when there is none.
    package func quantile(_ share: Double) -> Double? {
        guard total > 0 else { return nil }
        let wanted = min(max(share, 0), 1) * total
        var sum = 0.0
        var last = 0
        for (index, count) in bins.enumerated() where count > 0 {
            sum += Double(count)
            last = index
            if sum >= wanted { break }
        }
        // The middle of a bin in the sense of relative error: 2γⁱ/(γ + 1).
        return Math.exp(Double(last - Self.reach) * Self.logBase) * 2 / (Self.base + 1)
    }

    /// Adds all values of another sketch.
    package mutating func merge(_ other: ResidualSketch) {
        guard other.total > 0 else { return }
        if bins.isEmpty { bins = Array(repeating: 0, count: 2 * Self.reach + 1) }
        let factor = scale / other.scale
        for index in bins.indices { bins[index] += other.bins[index] * Float(factor) }
        total += other.total * factor
    }

    /// Lets everything so far count for a share of what it did, because it is known to be out of date.
    package mutating func fade(to share: Double) {
        guard total > 0 else { return }
        rescale(by: share)
    }

    private mutating func rescale(by share: Double) {
        let factor = share / scale
        total = 0
        for index in bins.indices {
            bins[index] *= Float(factor)
            total += Double(bins[index])
        }
        scale = 1
    }

    private static func bin(_ ratio: Double) -> Int {
        let position = Math.log(ratio) / logBase
        guard position < Double(reach) else { return 2 * reach }
        guard position > -Double(reach) else { return 0 }
        let floor = Int(position)
        // Rounded up, which for negative positions is what the conversion does already.
        return reach + (position > Double(floor) ? floor + 1 : floor)
    }
}
