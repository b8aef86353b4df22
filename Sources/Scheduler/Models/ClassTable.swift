/// A time of one function on each class of devices, shrunk towards what function and class let expect.
///
/// est(f, c) = (n·ȳ(f, c) + k·(a(f) + b(c))) / (n + k) in logarithms, k = 3: after three calls on a class half of the
/// estimate is their mean, after thirty a tenth is left of the expectation. a(f) is the mean over the function's classes
/// of ȳ − b, with the prior as one more observation.
package struct ClassTable: Sendable {
    /// Observations for which the expectation counts: k.
    package static let priorWeight = 3.0

    private var estimates: [LogEstimate] = []
    /// What is taken for the function's effect while nothing is known, as a logarithm.
    private var prior: Double
    /// Observations for which that counts in the function's effect.
    private let priorTrust: Double

    /// Starts with a prior, which is a logarithm.
    package init(prior: Double, trust: Double = 0.5) {
        self.prior = prior
        self.priorTrust = trust
    }

    /// What was observed on a class.
    package func estimate(_ index: Int) -> LogEstimate {
        estimates.indices.contains(index) ? estimates[index] : LogEstimate()
    }

    /// All observations that count.
    package var weight: Double { estimates.reduce(0) { $0 + $1.weight } }

    /// The function's effect a, at size `reference` with the size's slope.
    ///
    /// Without the prior it is what classes may be judged by: else a class would be blamed for what the prior got wrong.
    package func functionEffect(
        _ effects: ClassEffects,
        slope: Double = 0,
        reference: Double = 0,
        withPrior: Bool = true
    ) -> Double {
        var sum = withPrior ? priorTrust * prior : 0
        var total = withPrior ? priorTrust : 0
        for (index, estimate) in estimates.enumerated() where estimate.weight > 0 {
            // A class that was seen often must not drown the others: each counts for at most k.
            let weight = estimate.weight * Self.priorWeight / (estimate.weight + Self.priorWeight)
            sum += weight * (estimate.mean - slope * (estimate.size - reference) - effects[index])
            total += weight
        }
        return total > 0 ? sum / total : prior
    }

    /// The shrunk estimate for a class, as a logarithm, given the function's effect.
    package func value(
        class index: Int,
        effect: Double,
        _ effects: ClassEffects,
        slope: Double = 0,
        reference: Double = 0
    ) -> Double {
        let estimate = estimate(index)
        let mean = estimate.mean - slope * (estimate.size - reference)
        let expected = effect + effects[index]
        return (estimate.weight * mean + Self.priorWeight * expected) / (estimate.weight + Self.priorWeight)
    }

    /// Learns a logarithm on a class.
    package mutating func observe(_ logarithm: Double, class index: Int, size: Double = 0, share: Double = 1) {
        while estimates.count <= index { estimates.append(LogEstimate()) }
        estimates[index].observe(logarithm, size: size, share: share)
    }

    /// Trusts what was learned on a class only as if it came from at most `limit` observations.
    package mutating func shrink(class index: Int, to limit: Double) {
        guard estimates.indices.contains(index) else { return }
        estimates[index].shrink(to: limit)
    }

    /// The same table for a new version of the function, of which the old one's figures are only a first guess.
    package func shrunk(to limit: Double, _ effects: ClassEffects) -> ClassTable {
        var table = self
        table.prior = functionEffect(effects)
        for index in table.estimates.indices { table.estimates[index].shrink(to: limit) }
        return table
    }
}
