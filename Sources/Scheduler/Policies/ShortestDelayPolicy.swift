/// The node with the least predicted latency, by the same learned times as the adaptive policy's (shortest expected delay).
struct ShortestDelayPolicy: PlacementPolicy {
    static let kind = PolicyKind.shortestDelay

    func pick(from field: borrowing Field, using random: inout SplitMix64) -> Pick {
        field.pickLeast({ field.candidates($0).latency }, where: { field.eligible($0) }, using: &random)
    }
}
