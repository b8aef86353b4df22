/// What a function's latency, energy, cost and carbon are measured against, so that weights mean the same for all.
package struct ScoreReferences: Hashable, Sendable, Codable {
    package let latencyMilliseconds: Double
    package let joules: Double
    package let cost: Double
    package let grams: Double

    package init(latencyMilliseconds: Double, joules: Double, cost: Double, grams: Double) {
        self.latencyMilliseconds = latencyMilliseconds
        self.joules = joules
        self.cost = cost
        self.grams = grams
    }
}
