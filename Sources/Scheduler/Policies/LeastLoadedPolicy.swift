/// The node with the fewest calls per core; chance decides between equals (join the shortest queue).
struct LeastLoadedPolicy: PlacementPolicy {
    static let kind = PolicyKind.leastLoaded

    func pick(from field: borrowing Field, using random: inout SplitMix64) -> Pick {
        field.pickLeast(
            { field.nodes[$0].active / field.nodes[$0].cores },
            where: { field.eligible($0) },
            using: &random
        )
    }
}
