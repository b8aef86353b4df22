/// The less loaded of two nodes that chance names (Mitzenmacher 2001).
struct PowerOfTwoPolicy: PlacementPolicy {
    static let kind = PolicyKind.powerOfTwo

    func pick(from field: borrowing Field, using random: inout SplitMix64) -> Pick {
        let count = field.count(where: { field.eligible($0) })
        guard count > 1 else { return RandomPolicy().pick(from: field, using: &random) }
        let first = random.index(below: count)
        let other = random.index(below: count - 1)
        let ranks = (first, other < first ? other : other + 1)
        guard let one = field.select(ranks.0, where: { field.eligible($0) }),
            let two = field.select(ranks.1, where: { field.eligible($0) })
        else { return .none }
        // The first of the two was named by chance, so that it may win a tie.
        let winner = Self.level(field, two) < Self.level(field, one) ? two : one
        let level = Self.level(field, winner)
        let busier = field.count(where: { field.eligible($0) * (1 - Self.levels(field, $0).isAtMost(level)) })
        let equal = field.count(where: { field.eligible($0) * Self.levels(field, $0).isEqual(to: level) }) - 1
        // It wins against each busier node, and against each equal one half of the times.
        let pairs = Double(count) * Double(count - 1) / 2
        return Pick(slot: winner, propensity: (Double(busier) + Double(equal) / 2) / pairs)
    }

    @inline(__always)
    private static func levels(_ field: borrowing Field, _ block: Int) -> Lanes {
        field.nodes[block].active / field.nodes[block].cores
    }

    private static func level(_ field: borrowing Field, _ slot: Int) -> Float { levels(field, slot >> 2)[slot & 3] }
}
