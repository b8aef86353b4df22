/// The first node after the last one of the function, in the order of the fleet.
struct RoundRobinPolicy: PlacementPolicy {
    static let kind = PolicyKind.roundRobin

    /// Where the call before went.
    let last: Int

    func pick(from field: borrowing Field, using random: inout SplitMix64) -> Pick {
        let count = field.blocks.count * 4
        for offset in 1...max(1, count) {
            let slot = (last + offset) % max(1, count)
            if field.scores[slot >> 2][slot & 3] < Lanes.beyond { return Pick(slot: slot, propensity: 1) }
        }
        return .none
    }
}
