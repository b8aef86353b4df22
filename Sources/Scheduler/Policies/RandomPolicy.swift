/// Any node, with equal chance.
struct RandomPolicy: PlacementPolicy {
    static let kind = PolicyKind.random

    func pick(from field: borrowing Field, using random: inout SplitMix64) -> Pick {
        field.pickAny(where: { field.eligible($0) }, using: &random)
    }
}
