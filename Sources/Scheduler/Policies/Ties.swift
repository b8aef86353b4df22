/// The candidates that are as good as the best: within the tie margin, and of these the warm ones if there are any.
struct Ties: Sendable {
    /// How many there are.
    let count: Int
    private let bound: Float
    private let warmOnly: Bool
    /// Whether all of them are among the field's leaders.
    private let areLeaders: Bool

    init(_ field: borrowing Field) {
        bound = field.best + field.tieMargin * field.best
        areLeaders = field.leaders.count < Leaders.limit || field.leaders.bar > bound
        var all = 0
        var warm = 0
        if areLeaders {
            for place in 0..<field.leaders.count where field.leaders.scores[place] <= bound {
                all += 1
                if Self.isWarm(field, field.leaders.slots[place]) { warm += 1 }
            }
        } else {
            var (allLanes, warmLanes) = (Lanes.zero, Lanes.zero)
            for block in field.blocks {
                let isTie = field.scores[block].isAtMost(bound)
                allLanes += isTie
                warmLanes += isTie * field.functions[block].coldProbability.isAtMost(AdaptivePolicy.warmLimit)
            }
            all = Int(allLanes.sum())
            warm = Int(warmLanes.sum())
        }
        warmOnly = warm > 0
        count = warm > 0 ? warm : all
    }

    /// Whether a candidate is one of them.
    func contains(_ slot: Int, _ field: borrowing Field) -> Bool {
        field.scores[slot >> 2][slot & 3] <= bound && (!warmOnly || Self.isWarm(field, slot))
    }

    /// One of them, with equal chance.
    func pick(_ field: borrowing Field, using random: inout SplitMix64) -> Int? {
        var rank = count > 1 ? random.index(below: count) : 0
        guard areLeaders else { return field.select(rank, where: { mask(field, $0) }) }
        for place in 0..<field.leaders.count where contains(field.leaders.slots[place], field) {
            if rank == 0 { return field.leaders.slots[place] }
            rank -= 1
        }
        return nil
    }

    /// 1 for those of a block that are of them, 0 for the others.
    @inline(__always)
    func mask(_ field: borrowing Field, _ block: Int) -> Lanes {
        let isTie = field.scores[block].isAtMost(bound)
        return warmOnly ? isTie * field.functions[block].coldProbability.isAtMost(AdaptivePolicy.warmLimit) : isTie
    }

    private static func isWarm(_ field: borrowing Field, _ slot: Int) -> Bool {
        field.functions[slot >> 2].coldProbability[slot & 3] <= AdaptivePolicy.warmLimit
    }
}
