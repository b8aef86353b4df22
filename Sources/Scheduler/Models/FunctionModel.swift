package import Domain

/// What is known of one version of a function, and how it is learned.
package struct FunctionModel: Sendable {
    /// What a new version takes over from the one before counts as so many observations.
    private static let inheritance = ClassTable.priorWeight

    /// Milliseconds that calls run.
    package private(set) var execution: ClassTable
    /// Milliseconds of CPU time that calls use.
    package private(set) var cpu: ClassTable
    /// How starts relate to those of other functions with the same runtime.
    private var cold: ClassTable
    private var slope = SizeSlope()
    /// The size, as ``SizeSlope/feature(_:)``, that cached times are for: that of the first call.
    private var reference: Double?
    private var drifts: [PageHinkley] = []
    private var counts: [Int] = []
    private var tails: [TailModel] = []
    /// Whether calls needed a start though a warm instance was reported.
    package private(set) var coldThoughWarm = BetaCounts(mean: 0.05, trust: 10)
    /// Whether calls needed a start where no warm instance was reported.
    package private(set) var coldAsExpected = BetaCounts(mean: 0.95, trust: 10)
    private var coldCounts: [UInt32: BetaCounts] = [:]
    private var coldOverall = BetaCounts(mean: 0.3, trust: 2)
    /// λ.
    package private(set) var price = DualPrice()
    /// What calls take as predicted, in milliseconds; stands in for an objective where there is none.
    package private(set) var latency = SlowMean()
    /// What calls take as predicted, in joules.
    package private(set) var joules = SlowMean()
    /// What calls cost as predicted.
    package private(set) var cost = SlowMean()
    /// What calls emit as predicted, in grams of CO2 equivalent.
    package private(set) var grams = SlowMean()
    /// Bytes that a response has.
    package private(set) var responseBytes = SlowMean()
    /// Calls observed since the version is known.
    package private(set) var observations = 0

    let runtime: RuntimeKind
    let quantile: Double
    private static let noEffects = ClassEffects()

    /// Starts with what the runtime lets expect.
    package init(spec: FunctionSpec) {
        self.runtime = spec.runtime
        self.quantile = spec.objective?.quantile ?? 0.95
        self.execution = ClassTable(prior: RuntimePrior.execution(spec.runtime))
        self.cpu = ClassTable(prior: RuntimePrior.execution(spec.runtime))
        self.cold = ClassTable(prior: 0)
    }

    /// Starts with what another version of the function took, as a first guess.
    package init(spec: FunctionSpec, inheriting other: FunctionModel, _ shared: SharedModels) {
        self.init(spec: spec)
        execution = other.execution.shrunk(to: Self.inheritance, shared.effects)
        cpu = other.cpu.shrunk(to: Self.inheritance, shared.effects)
        cold = other.cold.shrunk(to: Self.inheritance, Self.noEffects)
        slope = other.slope
        reference = other.reference
        (latency, joules, cost, grams) = (other.latency, other.joules, other.cost, other.grams)
        responseBytes = other.responseBytes
        price = other.price
    }

    // MARK: - Predicting

    /// Milliseconds that a call of the reference size runs on a class.
    package func executionMilliseconds(class index: Int, _ shared: SharedModels) -> Double {
        Math.exp(
            execution.value(
                class: index,
                effect: executionEffect(shared),
                shared.effects,
                slope: slope.exponent,
                reference: reference ?? 0
            )
        )
    }

    /// Milliseconds of CPU time that a call of the reference size uses on a class.
    package func cpuMilliseconds(class index: Int, _ shared: SharedModels) -> Double {
        // Where no CPU time was seen yet, the call is taken to compute as long as it runs.
        guard cpu.weight > 0 else { return executionMilliseconds(class: index, shared) }
        let slope = slope.exponent
        let effect = cpu.functionEffect(shared.effects, slope: slope, reference: reference ?? 0)
        return Math.exp(
            cpu.value(class: index, effect: effect, shared.effects, slope: slope, reference: reference ?? 0)
        )
    }

    /// Milliseconds that a start takes on a class.
    package func coldMilliseconds(class index: Int, _ shared: SharedModels) -> Double {
        let excess = cold.value(class: index, effect: cold.functionEffect(Self.noEffects), Self.noEffects)
        return Math.exp(shared.cold(runtime, class: index) + excess)
    }

    /// Calls observed on a class since the version is known.
    package func observations(class index: Int) -> Int { counts.indices.contains(index) ? counts[index] : 0 }

    /// What times of a request's size are multiplied with, relative to the reference size.
    package func sizeFactor(_ bytes: UInt64) -> Double {
        guard let reference, slope.exponent > 0 else { return 1 }
        return Math.exp(min(max(slope.exponent * (SizeSlope.feature(bytes) - reference), -6), 6))
    }

    /// The factor from a predicted time to the one at the quantile, in a tier.
    package func tailFactor(tier index: Int, _ shared: SharedModels) -> Double {
        if tails.indices.contains(index), let factor = tails[index].factor { return factor }
        return shared.tailFactor(tier: index, quantile: quantile)
    }

    /// Probability that a call needs a start on a node where `spare` calls could go to warm instances; less than 0 where
    /// that is not known.
    package func coldProbability(spare: Int, node: UInt32) -> Double {
        if spare > 0 { return coldThoughWarm.probability }
        if spare == 0 { return coldAsExpected.probability }
        return (coldCounts[node] ?? coldOverall).probability
    }

    /// The same where something is known of instances.
    var startFigures: StartFigures {
        StartFigures(warm: Float(coldThoughWarm.probability), none: Float(coldAsExpected.probability))
    }

    private func executionEffect(_ shared: SharedModels, withPrior: Bool = true) -> Double {
        execution.functionEffect(
            shared.effects,
            slope: slope.exponent,
            reference: reference ?? 0,
            withPrior: withPrior
        )
    }

    // MARK: - Learning

    /// Learns how long a call ran on a class, in milliseconds, freed of what contention added.
    ///
    /// `share` is how much it is to count, less for a time that is freed of much. Returns whether it showed that times
    /// have changed.
    package mutating func observeExecution(
        _ milliseconds: Double,
        bytes: UInt64,
        class index: Int,
        share: Double,
        _ shared: inout SharedModels
    ) -> Bool {
        let logarithm = Math.log(max(milliseconds, 0.001))
        let size = SizeSlope.feature(bytes)
        if reference == nil { reference = size }
        let known = execution.estimate(index)
        let residual: Double
        if known.weight >= 1 {
            slope.observe(excess: logarithm - known.mean, distance: size - known.size)
            residual = logarithm - known.mean - slope.exponent * (size - known.size)
        } else {
            residual = 0
        }
        execution.observe(logarithm, class: index, size: size, share: share)
        let atReference = logarithm - slope.exponent * (size - (reference ?? size))
        let effect = executionEffect(shared, withPrior: false)
        shared.observeExecution(excess: atReference - effect, class: index)
        while drifts.count <= index {
            drifts.append(PageHinkley())
            counts.append(0)
        }
        counts[index] += 1
        guard drifts[index].observe(residual) else { return false }
        // Later calls then move the estimate as if few had been seen before.
        execution.shrink(class: index, to: 2)
        cpu.shrink(class: index, to: 2)
        for tier in tails.indices { tails[tier].drifted() }
        return true
    }

    /// Takes that a node turned out to be much quicker than what is known of its class and tier: the next times count.
    package mutating func outlived(class index: Int, tier: Int) {
        execution.shrink(class: index, to: 1)
        cpu.shrink(class: index, to: 1)
        if tails.indices.contains(tier) { tails[tier].renew() }
    }

    /// Learns how much CPU time a call used on a class.
    package mutating func observeCPU(_ milliseconds: Double, bytes: UInt64, class index: Int) {
        // Below ten microseconds the figures are the clock's, not the call's.
        cpu.observe(Math.log(max(milliseconds, 0.01)), class: index, size: SizeSlope.feature(bytes))
    }

    /// Learns what a start took on a class.
    package mutating func observeCold(_ milliseconds: Double, class index: Int, _ shared: inout SharedModels) {
        let logarithm = Math.log(max(milliseconds, 0.01))
        cold.observe(logarithm - shared.cold(runtime, class: index), class: index)
        shared.observeCold(logarithm, runtime, class: index)
    }

    /// Learns that nobody waited for a start on a class, since it was over before it was asked for.
    ///
    /// That is this function's luck, and says nothing of others with its runtime.
    package mutating func observeNoWait(class index: Int, _ shared: SharedModels) {
        cold.observe(Math.log(0.01) - shared.cold(runtime, class: index), class: index)
    }

    /// Learns whether a call needed a start, where that many could have gone to warm instances.
    package mutating func observeStart(isCold: Bool, spare: Int, node: UInt32) {
        if spare > 0 {
            coldThoughWarm.observe(isCold)
        } else if spare == 0 {
            coldAsExpected.observe(isCold)
        } else {
            coldOverall.observe(isCold)
            coldCounts[node, default: BetaCounts(mean: coldOverall.probability, trust: 2)].observe(
                isCold,
                forgetting: 0.9
            )
        }
    }

    /// Learns how a call's whole time related to its prediction in a tier; returns whether the tail may have changed.
    package mutating func observe(ratio: Double, isAboveTail: Bool, tier index: Int) -> Bool {
        while tails.count <= index { tails.append(TailModel(quantile: quantile)) }
        return tails[index].observe(ratio, isAbove: isAboveTail)
    }

    /// Learns whether a call missed the objective, where a share of `allowed` may.
    package mutating func observe(isMissed: Bool, allowed: Double) {
        price.observe(isMissed: isMissed, allowed: allowed)
    }

    /// Learns what calls take, for the references of the score.
    package mutating func observeReferences(latency: Double, joules: Double, cost: Double, grams: Double) {
        self.latency.observe(latency)
        self.joules.observe(joules)
        self.cost.observe(cost)
        self.grams.observe(grams)
    }

    /// Takes what calls are predicted to take as references where none were learned.
    package mutating func startReferences(latency: Double, joules: Double, cost: Double, grams: Double) {
        if self.latency.value == nil { self.latency.observe(latency) }
        if self.joules.value == nil { self.joules.observe(joules) }
        if self.cost.value == nil { self.cost.observe(cost) }
        if self.grams.value == nil { self.grams.observe(grams) }
    }

    /// Learns the size of a response, and that a call is over.
    package mutating func observeEnd(responseBytes bytes: UInt64) {
        responseBytes.observe(Double(bytes))
        observations += 1
    }

    /// Forgets what was counted on a node that is gone.
    package mutating func forget(node: UInt32) { coldCounts[node] = nil }
}
