import Domain

/// What a decision's scores were computed with.
struct Scoring: Sendable {
    var weights: Weights
    var references: ScoreReferences
    var lambda: Double
    /// Milliseconds of the objective; infinite where there is none.
    var objective: Double
    var quantile: Double
    /// Scores within this share of the best count as equal.
    var tieMargin: Double

    /// The same as factors: weight / reference for each term, and λ / objective for the penalty.
    var coefficients: Coefficients {
        Coefficients(
            latency: Lanes(repeating: Float(weights.latency / references.latencyMilliseconds)),
            energy: Lanes(repeating: Float(weights.energy / references.joules)),
            cost: Lanes(repeating: Float(weights.cost / references.cost)),
            carbon: Lanes(repeating: Float(weights.carbon / references.grams)),
            penalty: Lanes(repeating: objective.isFinite ? Float(lambda / objective) : 0),
            objective: Lanes(repeating: Float(objective))
        )
    }

    /// The score up to which candidates count as being as good as one with the score `best`.
    func bound(_ best: Float) -> Float { best + Float(tieMargin) * best }
}
