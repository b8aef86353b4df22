import Domain

/// The node that the call arrived at.
struct LocalOnlyPolicy: PlacementPolicy {
    static let kind = PolicyKind.localOnly

    static func objection(to node: NodeDescription, isLocal: Bool) -> String? {
        isLocal ? nil : "policy local-only runs calls where they arrive"
    }

    func pick(from field: borrowing Field, using random: inout SplitMix64) -> Pick {
        field.scores[0][0] < Lanes.beyond ? Pick(slot: 0, propensity: 1) : .none
    }
}
