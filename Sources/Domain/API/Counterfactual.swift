/// A change of one thing that would have changed the choice.
package struct Counterfactual: Hashable, Sendable, Codable {
    /// What would have to change.
    package enum Kind: String, Hashable, Sendable, Codable {
        /// A weight, the others scaled to share the rest.
        case weight
        /// The round-trip time to `subject`, in milliseconds.
        case roundTrip = "round-trip"
        /// The wait at `subject`, in milliseconds.
        case wait
    }

    package let kind: Kind
    /// The weight, for a change of weights.
    package let weight: WeightKind?
    /// The node whose value changes, for the others.
    package let subject: NodeName?
    package let current: Double
    /// The value from which on `winner` is chosen.
    package let threshold: Double
    /// The node that would be chosen.
    package let winner: NodeName
    /// The same in words.
    package let text: String

    package init(
        kind: Kind,
        weight: WeightKind?,
        subject: NodeName?,
        current: Double,
        threshold: Double,
        winner: NodeName,
        text: String
    ) {
        self.kind = kind
        self.weight = weight
        self.subject = subject
        self.current = current
        self.threshold = threshold
        self.winner = winner
        self.text = text
    }
}
