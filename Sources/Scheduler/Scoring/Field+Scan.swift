extension Field {
    /// How many candidates a condition is 1 for; the condition gets blocks.
    @inline(__always)
    func count(where condition: (Int) -> Lanes) -> Int {
        // Single precision counts exactly up to 2^24 in each lane.
        var sum = Lanes.zero
        for block in blocks { sum += condition(block) }
        return Int(sum.sum())
    }

    /// Number `rank`, from 0, of the candidates that a condition is 1 for, in the order of the fleet; nil when there are
    /// fewer.
    @inline(__always)
    func select(_ rank: Int, where condition: (Int) -> Lanes) -> Int? {
        var rank = rank
        for block in blocks {
            let holds = condition(block)
            let count = Int(holds.sum())
            guard rank < count else {
                rank -= count
                continue
            }
            for lane in 0..<4 where holds[lane] == 1 {
                if rank == 0 { return block * 4 + lane }
                rank -= 1
            }
        }
        return nil
    }

    /// One of the candidates with the least key among those a condition is 1 for; chance decides between equals.
    ///
    /// Keys are far below 10³⁰.
    @inline(__always)
    func pickLeast(
        _ key: (Int) -> Lanes,
        where condition: (Int) -> Lanes,
        using random: inout SplitMix64
    ) -> Pick {
        var lanes = Lanes(repeating: .infinity)
        for block in blocks { lanes = lanes.lesser(key(block).unless(condition(block))) }
        let least = lanes.min()
        guard least < Lanes.beyond else { return .none }
        return pickAny(where: { condition($0) * key($0).isAtMost(least) }, using: &random)
    }

    /// Any of the candidates that a condition is 1 for, with equal chance.
    @inline(__always)
    func pickAny(where condition: (Int) -> Lanes, using random: inout SplitMix64) -> Pick {
        let count = count(where: condition)
        guard count > 0 else { return .none }
        let rank = count == 1 ? 0 : random.index(below: count)
        return Pick(slot: select(rank, where: condition), propensity: 1 / Double(count))
    }
}
