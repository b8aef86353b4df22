/// The nearest in time of the nodes of tier `edge` that have a free core; without any, the nearest of the others.
struct EdgeFirstPolicy: PlacementPolicy {
    static let kind = PolicyKind.edgeFirst
    private static let edge: Float = 1

    func pick(from field: borrowing Field, using random: inout SplitMix64) -> Pick {
        let free = field.pickLeast(
            { field.candidates($0).latency },
            where: { block in
                field.eligible(block) * field.nodes[block].tier.isEqual(to: Self.edge)
                    * (field.nodes[block].active - field.nodes[block].cores).isAtMost(-1)
            },
            using: &random
        )
        guard free.slot == nil else { return free }
        let other = field.pickLeast(
            { field.candidates($0).latency },
            where: { field.eligible($0) * (1 - field.nodes[$0].tier.isEqual(to: Self.edge)) },
            using: &random
        )
        return other.slot == nil ? ShortestDelayPolicy().pick(from: field, using: &random) : other
    }
}
