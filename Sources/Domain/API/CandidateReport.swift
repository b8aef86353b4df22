/// A candidate as the decision saw it.
package struct CandidateReport: Hashable, Sendable, Codable {
    /// Where the predicted time goes, in milliseconds; the parts add up to the median.
    package struct Terms: Hashable, Sendable, Codable {
        package let network: Double
        package let transfer: Double
        package let wait: Double
        package let cold: Double
        package let execution: Double

        package init(network: Double, transfer: Double, wait: Double, cold: Double, execution: Double) {
            self.network = network
            self.transfer = transfer
            self.wait = wait
            self.cold = cold
            self.execution = execution
        }

        /// All parts together, added in the order in which they stand.
        package var sum: Double { network + transfer + wait + cold + execution }
    }

    /// What the score is made of; the parts add up to it exactly.
    package struct Contributions: Hashable, Sendable, Codable {
        package let latency: Double
        package let energy: Double
        package let cost: Double
        package let carbon: Double
        /// For missing the objective at its quantile.
        package let penalty: Double

        package init(latency: Double, energy: Double, cost: Double, carbon: Double, penalty: Double) {
            self.latency = latency
            self.energy = energy
            self.cost = cost
            self.carbon = carbon
            self.penalty = penalty
        }

        /// All parts together, added in the order in which they stand.
        package var sum: Double { latency + energy + cost + carbon + penalty }
    }

    package let node: NodeName
    package let tier: Tier
    /// Least is best.
    package let score: Double
    package let contributions: Contributions
    /// Predicted median, in milliseconds.
    package let p50: Double
    /// Predicted time at the objective's quantile (0.95 without one), in milliseconds.
    package let tail: Double
    package let terms: Terms
    package let joules: Double
    package let cost: Double
    package let grams: Double
    /// Probability that an instance has to be started.
    package let coldProbability: Double
    /// Calls of the function that were observed on nodes of its class.
    package let observations: Int
    /// What speaks against it compared with the chosen one; empty for that one.
    package let whyNot: String

    package init(
        node: NodeName,
        tier: Tier,
        score: Double,
        contributions: Contributions,
        p50: Double,
        tail: Double,
        terms: Terms,
        joules: Double,
        cost: Double,
        grams: Double,
        coldProbability: Double,
        observations: Int,
        whyNot: String
    ) {
        self.node = node
        self.tier = tier
        self.score = score
        self.contributions = contributions
        self.p50 = p50
        self.tail = tail
        self.terms = terms
        self.joules = joules
        self.cost = cost
        self.grams = grams
        self.coldProbability = coldProbability
        self.observations = observations
        self.whyNot = whyNot
    }
}
