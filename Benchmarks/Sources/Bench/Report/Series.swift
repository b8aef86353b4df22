/// The values of one metric of one subject, a value a round.
struct Series: Hashable, Sendable, Codable {
    let metric: Metric
    var rounds: [Double]
    /// The middle of the rounds.
    var median: Double
    /// To the reference of the same run; nil for the reference itself, and where there is none.
    var ratio: Ratio?

    init(_ metric: Metric, _ rounds: [Double] = []) {
        self.metric = metric
        self.rounds = rounds
        self.median = Statistics.median(rounds)
    }

    mutating func append(_ value: Double) {
        rounds.append(value)
        median = Statistics.median(rounds)
    }
}
