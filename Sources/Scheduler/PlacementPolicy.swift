/// A rule that picks the node for a call.
///
/// A policy is pure: what it needs to know is in the question, and chance comes from `random`, so that the same
/// question and seed give the same answer, live, in shadow, and in the simulator.
package protocol PlacementPolicy: Sendable {
    /// The name it is selected and recorded by.
    var name: String { get }

    /// Picks one of the eligible candidates of the question, or none when there is none.
    func place(
        _ question: PlacementQuestion,
        eligible: [Candidate],
        using random: inout some RandomNumberGenerator
    ) -> Candidate?
}
