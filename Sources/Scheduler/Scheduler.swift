import Domain

/// Decides where a call runs: sorts out who may, and lets the policy pick.
package struct Scheduler<Policy: PlacementPolicy>: Sendable {
    private let policy: Policy

    package init(policy: Policy) { self.policy = policy }

    /// Decides; the same question and random numbers give the same decision.
    package func decide(_ question: PlacementQuestion, using random: inout some RandomNumberGenerator) -> Decision {
        var eligible: [Candidate] = []
        var excluded: [Exclusion] = []
        for candidate in question.candidates {
            let reasons = question.spec.placement.obstacles(on: candidate.node, from: question.origin)
            if reasons.isEmpty {
                eligible.append(candidate)
            } else {
                excluded.append(Exclusion(node: candidate.node.name, reasons: reasons))
            }
        }
        let chosen = policy.place(question, eligible: eligible, using: &random)
        let reason =
            if let chosen {
                chosen.isLocal ? "the call arrived here and policy \(policy.name) keeps it" : "policy \(policy.name)"
            } else if eligible.isEmpty {
                "no node may run it: "
                    + excluded.map { "\($0.node): \($0.reasons.joined(separator: "; "))" }.joined(separator: ". ")
            } else {
                "policy \(policy.name) picked none of \(eligible.count) candidates"
            }
        return Decision(
            policy: policy.name,
            chosen: chosen?.node.name,
            candidates: question.candidates,
            excluded: excluded,
            reason: reason
        )
    }
}
