package import Domain

/// Where a call was placed, and why: what `…/decision` shows.
package struct Decision: Hashable, Sendable, Codable {
    package let policy: String
    /// The node that was picked; nil when no candidate may run the call.
    package let chosen: NodeName?
    package let candidates: [Candidate]
    package let excluded: [Exclusion]
    /// Why, in one sentence.
    package let reason: String

    package init(
        policy: String,
        chosen: NodeName?,
        candidates: [Candidate],
        excluded: [Exclusion],
        reason: String
    ) {
        self.policy = policy
        self.chosen = chosen
        self.candidates = candidates
        self.excluded = excluded
        self.reason = reason
    }
}
