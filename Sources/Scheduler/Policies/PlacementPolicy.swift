import Domain

/// A rule that picks the node for a call.
///
/// A policy is a value: what it needs to know is in the field, and chance comes from `random`, so that the same field and
/// seed give the same pick, live, in shadow and in a simulation. All of them see the same predictions.
protocol PlacementPolicy: Sendable {
    /// The name it is selected and recorded by.
    static var kind: PolicyKind { get }

    /// Why the policy would never use a node, in words that follow its name; nil when it may.
    static func objection(to node: NodeDescription, isLocal: Bool) -> String?

    /// Picks one of the candidates, or none when there is none.
    func pick(from field: borrowing Field, using random: inout SplitMix64) -> Pick
}

extension PlacementPolicy {
    static func objection(to node: NodeDescription, isLocal: Bool) -> String? { nil }
}
