/// Which candidates a call may explore.
struct Safety: Sendable {
    private let tail: Float
    private let score: Float

    init(_ field: borrowing Field) {
        let hasObjective = field.objective.isFinite
        tail = hasObjective ? field.objective : .infinity
        score = hasObjective ? Lanes.comparable : AdaptivePolicy.safeFactor * field.best
    }

    /// The least that is known of a safe candidate, in observations; 10³⁰ and more when none is safe.
    func leastKnown(_ field: borrowing Field) -> Float {
        var least = Lanes(repeating: .infinity)
        for block in field.blocks {
            least = least.lesser(field.functions[block].observations.unless(isSafe(field, block)))
        }
        return least.min()
    }

    /// Whether one of the best eight is safe and less known than a candidate.
    func hasLeaderLessKnown(than slot: Int, _ field: borrowing Field) -> Bool {
        let known = field.functions[slot >> 2].observations[slot & 3]
        for place in 0..<field.leaders.count {
            let other = field.leaders.slots[place]
            let (block, lane) = (other >> 2, other & 3)
            if field.functions[block].observations[lane] < known, field.tails[block][lane] <= tail,
                field.scores[block][lane] <= score
            {
                return true
            }
        }
        return false
    }

    /// 1 for the safe ones of a block, 0 for the others.
    @inline(__always)
    func isSafe(_ field: borrowing Field, _ block: Int) -> Lanes {
        field.tails[block].isAtMost(tail) * field.scores[block].isAtMost(score)
    }

    /// 1 for the safe ones of a block of which no more is known than `observations`, 0 for the others.
    @inline(__always)
    func isLeastKnown(_ field: borrowing Field, _ block: Int, _ observations: Float) -> Lanes {
        isSafe(field, block) * field.functions[block].observations.isAtMost(observations)
    }
}
