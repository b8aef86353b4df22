package import Domain

extension Decision {
    /// Excluded nodes that a report lists.
    private static let exclusionLimit = 32

    /// The whole explanation; `nanoseconds` is what the decision took.
    package func report(
        execution: ExecutionID,
        decided: Timestamp,
        took nanoseconds: UInt64,
        observed: ObservedOutcome? = nil
    ) -> DecisionReport {
        let candidates = candidateReports()
        let chosen = chosen
        let runnerUp = candidates.first { $0.node != chosen }
        let excluded = exclusions()
        return DecisionReport(
            execution: execution,
            function: profile.version.spec.name,
            version: profile.version.number,
            decided: decided,
            decidedBy: fleet.nodes[0].name,
            policy: policy.rawValue,
            model: "additive-1/r\(observations)",
            weights: scoring.weights,
            weightRevision: weightRevision,
            preference: preference,
            objective: profile.version.spec.objective,
            lambda: scoring.lambda,
            references: scoring.references,
            requestBytes: requestBytes,
            chosen: chosen,
            runnerUp: runnerUp?.node,
            isExploration: isExploration,
            propensity: propensity,
            tookNanoseconds: nanoseconds,
            reason: reason(candidates, excluded),
            candidates: candidates,
            moreCandidates: max(0, candidateCount - candidates.count),
            excluded: Array(excluded.prefix(Self.exclusionLimit)),
            moreExcluded: max(0, excluded.count - Self.exclusionLimit),
            counterfactuals: counterfactuals(),
            shadow: shadow.map {
                ShadowChoice(policy: $0.rawValue, chosen: shadowSlot.map { fleet.nodes[$0].name })
            },
            observed: observed
        )
    }

    /// Why no node takes the call, in one sentence; nil where one does.
    ///
    /// Cheaper than a whole report.
    package var refusal: String? { chosen == nil ? reason([], exclusions()) : nil }

    /// The nodes that could not take the call, with all reasons.
    func exclusions() -> [ExclusionReport] {
        let spec = profile.version.spec
        var reports: [ExclusionReport] = []
        // Where all that are left fail often, these are candidates.
        let isChosenFailing = chosenRow.map { fleet.standings[Int(rows[$0].slot)].isFailing } ?? false
        for slot in fleet.nodes.indices {
            let node = fleet.nodes[slot]
            let standing = fleet.standings[slot]
            var reasons = Obstacles.all(
                spec,
                on: node,
                isLocal: slot == 0,
                standing: isChosenFailing && standing.isFailing ? .available : standing,
                from: origin,
                barred: barred,
                staysLocal: staysLocal
            )
            if let objection = objection(to: node, isLocal: slot == 0) { reasons.append(objection) }
            if !reasons.isEmpty { reports.append(ExclusionReport(node: node.name, reasons: reasons)) }
        }
        return reports
    }

    private func objection(to node: NodeDescription, isLocal: Bool) -> String? {
        switch policy {
        case .cloudOnly: CloudOnlyPolicy.objection(to: node, isLocal: isLocal)
        case .localOnly: LocalOnlyPolicy.objection(to: node, isLocal: isLocal)
        default: nil
        }
    }

    private func reason(_ candidates: [CandidateReport], _ excluded: [ExclusionReport]) -> String {
        guard let chosen, let report = candidates.first(where: { $0.node == chosen }) else {
            let first = excluded.prefix(3).map { "\($0.node): \($0.reasons.joined(separator: "; "))" }
            let more = excluded.count > 3 ? " (and \(excluded.count - 3) more)" : ""
            return "no node may run it: \(first.joined(separator: ". "))\(more)"
        }
        if candidateCount == 1 {
            return isLocal
                ? "this node is the only one that may run it" : "\(chosen) is the only node that may run it"
        }
        if policy == .localOnly { return "the call arrived here and policy local-only keeps it" }
        if isProbe { return "\(chosen) was tried to learn whether it is still as slow as it was, or would be warm" }
        if isExploration { return "\(chosen) was tried to learn how the function runs there" }
        guard policy == .adaptive else {
            return "policy \(policy.rawValue) picked \(chosen) among \(candidateCount) candidates"
        }
        let misses = report.tail > scoring.objective
        let goal = misses ? ", and no candidate is sure to meet the objective" : ""
        let isTied = candidates.contains { $0.node != chosen && $0.score <= report.score * (1 + scoring.tieMargin) }
        if isTied, let best = candidates.first, best.node != chosen || best.score <= report.score {
            return "\(chosen) is among the best of \(candidateCount) candidates, which are equally good\(goal)"
        }
        return "\(chosen) has the least score of \(candidateCount) candidates\(goal)"
    }
}
