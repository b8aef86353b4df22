/// Runs every call on the node it arrived at.
package struct LocalOnlyPolicy: PlacementPolicy {
    package let name = "local-only"

    package init() {}

    package func place(
        _ question: PlacementQuestion,
        eligible: [Candidate],
        using random: inout some RandomNumberGenerator
    ) -> Candidate? {
        eligible.first(where: \.isLocal)
    }
}
