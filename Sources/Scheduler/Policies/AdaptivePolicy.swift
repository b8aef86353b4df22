/// The node with the least score; equally good ones share the calls, warm before cold, and some calls explore.
///
/// With probability ε a call explores: it goes to one of the candidates of which least is known, but only among the safe
/// ones. Where there is an objective these are the ones whose tail meets it; where there is none, those whose score is at
/// most 1.5 times the best. Otherwise it goes to one of the candidates within the tie margin of the best. The propensity
/// adds up both ways, so that recorded calls can be weighed for what other policies would have done.
///
/// What is not safe would never be seen again, though it may only have been busy once or without an instance. So a still
/// smaller share of the calls probes: it goes to any of the candidates that are neither safe nor among the best.
struct AdaptivePolicy: PlacementPolicy {
    static let kind = PolicyKind.adaptive
    /// How much worse than the best a candidate may be to be explored without an objective.
    static let safeFactor: Float = 1.5

    /// Candidates count as warm up to this probability of a start.
    static let warmLimit: Float = 0.5

    /// The share of calls that probe while no candidate is thought to meet the objective.
    static let lostProbeRate = 0.1

    let explorationRate: Double
    /// The share of calls that go to candidates that are not safe.
    var probeRate = 0.0

    func pick(from field: borrowing Field, using random: inout SplitMix64) -> Pick {
        guard field.best < Lanes.beyond else { return .none }
        let ties = Ties(field)
        let safe = Safety(field)
        guard probeRate > 0, hasProbe(field, ties, safe) else { return pick(from: field, ties, safe, using: &random) }
        // Where every candidate is thought to miss the objective, little is lost by finding out.
        let probeRate = isAnySafe(field, safe) ? probeRate : max(probeRate, Self.lostProbeRate)
        if random.unit() < probeRate {
            let pick = field.pickAny(where: { isProbe(field, $0, ties, safe) }, using: &random)
            return Pick(
                slot: pick.slot,
                propensity: probeRate * pick.propensity,
                isExploration: true,
                isProbe: true
            )
        }
        var pick = pick(from: field, ties, safe, using: &random)
        pick.propensity *= 1 - probeRate
        return pick
    }

    private func isAnySafe(_ field: borrowing Field, _ safe: Safety) -> Bool {
        for block in field.blocks where (field.eligible(block) * safe.isSafe(field, block)).sum() > 0 { return true }
        return false
    }

    private func hasProbe(_ field: borrowing Field, _ ties: Ties, _ safe: Safety) -> Bool {
        for block in field.blocks where isProbe(field, block, ties, safe).sum() > 0 { return true }
        return false
    }

    /// 1 for those of a block that may be probed, 0 for the others.
    @inline(__always)
    private func isProbe(_ field: borrowing Field, _ block: Int, _ ties: Ties, _ safe: Safety) -> Lanes {
        field.eligible(block) * (1 - safe.isSafe(field, block)) * (1 - ties.mask(field, block))
    }

    private func pick(
        from field: borrowing Field,
        _ ties: Ties,
        _ safe: Safety,
        using random: inout SplitMix64
    ) -> Pick {
        if explorationRate > 0, random.unit() < explorationRate {
            let least = safe.leastKnown(field)
            let pick = field.pickAny(where: { safe.isLeastKnown(field, $0, least) }, using: &random)
            // Nothing is safe to explore where no candidate meets the objective.
            if let slot = pick.slot, least < Lanes.beyond {
                let isBest = ties.contains(slot, field)
                let exploited = isBest ? (1 - explorationRate) / Double(ties.count) : 0
                return Pick(
                    slot: slot,
                    propensity: exploited + explorationRate * pick.propensity,
                    isExploration: !isBest
                )
            }
        }
        guard let slot = ties.pick(field, using: &random) else { return .none }
        return Pick(slot: slot, propensity: propensity(of: slot, field, ties, safe))
    }

    /// The probability of picking one of the best: for its score, and by exploring.
    private func propensity(of slot: Int, _ field: borrowing Field, _ ties: Ties, _ safe: Safety) -> Double {
        let share = 1 / Double(ties.count)
        guard explorationRate > 0 else { return share }
        // Mostly one of the best eight is safe and less known, which settles both questions without a look at all.
        if safe.hasLeaderLessKnown(than: slot, field) { return (1 - explorationRate) * share }
        let least = safe.leastKnown(field)
        guard least < Lanes.beyond else { return share }
        guard safe.isLeastKnown(field, slot >> 2, least)[slot & 3] == 1 else { return (1 - explorationRate) * share }
        let others = field.count(where: { safe.isLeastKnown(field, $0, least) })
        return (1 - explorationRate) * share + explorationRate / Double(others)
    }
}
