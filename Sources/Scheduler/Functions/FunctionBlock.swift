/// What is predicted of a function on four nodes, ready to be computed with.
///
/// Values are for the reference size of the function's input, and are rewritten where they stand when what is known of
/// the function or of a node moves them.
struct FunctionBlock: Sendable {
    /// 0 where the node may run it, infinite where it may not; added to scores.
    var barrier = Lanes(repeating: .infinity)
    /// Milliseconds that it runs.
    var execution = Lanes.zero
    /// Milliseconds that a start takes.
    var cold = Lanes.zero
    /// Probability that one is needed.
    var coldProbability = Lanes.zero
    /// Milliseconds of CPU time.
    var cpu = Lanes.zero
    /// From the predicted time to the one at the objective's quantile.
    var tailFactor = Lanes(repeating: 1)
    /// Calls observed on nodes of the class.
    var observations = Lanes.zero
    /// Calls that could go to warm instances; -1 where that is not known.
    var spare = Lanes(repeating: -1)
}
