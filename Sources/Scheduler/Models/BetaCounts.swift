/// The probability of a yes, from a prior and counts that fade: Beta–Bernoulli.
package struct BetaCounts: Hashable, Sendable {
    private var yes = 0.0
    private var no = 0.0
    private let priorYes: Double
    private let priorNo: Double

    /// Starts with a prior: `mean` as if from `trust` observations.
    package init(mean: Double, trust: Double) {
        self.priorYes = mean * trust
        self.priorNo = (1 - mean) * trust
    }

    /// The mean of what is believed of the probability.
    package var probability: Double { (yes + priorYes) / (yes + no + priorYes + priorNo) }

    /// Observations that count.
    package var weight: Double { yes + no }

    /// The yeses among them.
    package var yeses: Double { yes }

    /// Learns an answer; older ones then count `forgetting` times as much.
    package mutating func observe(_ isYes: Bool, forgetting: Double = 0.98) {
        fade(by: forgetting)
        if isYes { yes += 1 } else { no += 1 }
    }

    /// Lets what was observed count `share` times as much.
    package mutating func fade(by share: Double) {
        yes *= share
        no *= share
    }
}
