package import Domain

/// What is learned across functions: how classes of devices compare, what starts take, how far predictions are off.
package struct SharedModels: Sendable {
    /// How classes compare in running functions.
    package private(set) var effects = ClassEffects()
    private var colds: [RuntimeKind: ClassTable] = [:]
    private var tiers: [ResidualSketch] = []
    private var all = ResidualSketch(forgetting: 0.9995)
    private var classes: [DeviceClass: Int] = [:]
    private var tierNumbers: [Tier: Int] = [:]

    /// Starts with nothing known.
    package init() {}

    /// Number of classes of devices seen.
    package var classCount: Int { effects.count }
    /// Number of tiers seen.
    package var tierCount: Int { tiers.count }

    /// The number of a class, which gets one if it has none.
    package mutating func number(of deviceClass: DeviceClass) -> Int {
        if let known = classes[deviceClass] { return known }
        classes[deviceClass] = effects.count
        effects.add()
        return effects.count - 1
    }

    /// The number of a tier, which gets one if it has none.
    package mutating func number(of tier: Tier) -> Int {
        if let known = tierNumbers[tier] { return known }
        tierNumbers[tier] = tiers.count
        tiers.append(ResidualSketch(forgetting: 0.9995))
        return tiers.count - 1
    }

    /// Takes the micro-benchmark of a node of a class.
    package mutating func benchmarked(_ profile: SpeedProfile, class index: Int) {
        effects.benchmarked(profile, class: index)
    }

    /// Learns what a call took on a class beyond its function's effect, as a logarithm.
    package mutating func observeExecution(excess: Double, class index: Int) {
        effects.observe(excess, class: index)
    }

    /// What a start takes, as the logarithm of milliseconds.
    package func cold(_ runtime: RuntimeKind, class index: Int) -> Double {
        let table = colds[runtime] ?? ClassTable(prior: RuntimePrior.cold(runtime))
        return table.value(class: index, effect: table.functionEffect(effects), effects)
    }

    /// Learns what a start took, as the logarithm of milliseconds.
    package mutating func observeCold(_ logarithm: Double, _ runtime: RuntimeKind, class index: Int) {
        colds[runtime, default: ClassTable(prior: RuntimePrior.cold(runtime))].observe(logarithm, class: index)
    }

    /// Learns how a time related to its prediction in a tier.
    package mutating func observe(ratio: Double, tier index: Int) {
        all.observe(ratio)
        if tiers.indices.contains(index) { tiers[index].observe(ratio) }
    }

    /// The factor from a predicted time to a quantile: the tier's, or where that is too young, that of all tiers, or a
    /// guess.
    package func tailFactor(tier index: Int, quantile: Double) -> Double {
        if tiers.indices.contains(index), tiers[index].weight >= TailModel.trust,
            let factor = tiers[index].quantile(quantile)
        {
            return factor
        }
        if all.weight >= TailModel.trust, let factor = all.quantile(quantile) { return factor }
        return TailModel.prior(quantile)
    }
}
