/// The cheapest of the nodes that meet the objective; where none does, the one that comes nearest to it.
///
/// What is least is the sum of cost and energy, each relative to the function's reference: the rule of INFaaS (Romero et
/// al., ATC 2021) with joules as a price.
struct CheapestFeasiblePolicy: PlacementPolicy {
    static let kind = PolicyKind.cheapestFeasible

    /// Reciprocals of the references.
    let perJoule: Float
    let perCost: Float

    func pick(from field: borrowing Field, using random: inout SplitMix64) -> Pick {
        let feasible = field.pickLeast(
            { block in
                let candidates = field.candidates(block)
                return candidates.joules * perJoule + candidates.cost * perCost
            },
            where: { field.eligible($0) * field.tails[$0].isAtMost(field.objective) },
            using: &random
        )
        guard feasible.slot == nil else { return feasible }
        return field.pickLeast({ field.tails[$0] }, where: { field.eligible($0) }, using: &random)
    }
}
