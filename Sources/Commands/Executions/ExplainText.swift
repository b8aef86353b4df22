import Domain

/// The record of a decision for people.
struct ExplainText {
    private let report: DecisionReport
    private let chosen: CandidateReport?
    private let runnerUp: CandidateReport?

    init(_ report: DecisionReport) {
        func candidate(_ name: NodeName?) -> CandidateReport? {
            name.flatMap { name in report.candidates.first { $0.node == name } }
        }
        self.report = report
        self.chosen = candidate(report.chosen)
        self.runnerUp = candidate(report.runnerUp)
    }

    /// All of it, in sections with an empty line between them.
    var lines: [String] {
        let comparison = chosen.map { ExplainComparison(chosen: $0, runnerUp: runnerUp) }
        let sections = [
            head, candidates, comparison?.times ?? [], comparison?.scores ?? [], excluded, counterfactuals,
            ExplainOutcome(report, predicted: chosen).lines,
        ]
        return Array(sections.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    // MARK: - What was decided, and by what

    private var head: [String] {
        let weights = zip(WeightKind.allCases, WeightsText.shares(report.weights)).map { "\($0.rawValue) \($1)" }
        let preference = report.preference.map { ", caller prefers \($0.rawValue)" } ?? ""
        let objective = report.objective.map {
            "\(Human.decimal($0.quantile * 100, 1)) % of calls within \($0.latency), missing it costs λ "
        }
        let exploration = report.isExploration ? ", to learn" : ""
        return Facts.lines([
            ("execution", report.execution.text),
            ("function", "\(report.function)@\(report.version), \(Human.bytes(report.requestBytes)) of body"),
            ("chosen", "\(report.chosen?.text ?? "none")\(exploration): \(report.reason)"),
            ("decided", "\(Human.time(report.decided)) UTC by \(report.decidedBy)"),
            (
                "policy",
                "\(report.policy), model \(report.model), took \(Human.duration(nanoseconds: report.tookNanoseconds)), "
                    + "propensity \(Human.decimal(report.propensity, 2))"
            ),
            ("weights", "\(weights.joined(separator: ", ")) (revision \(report.weightRevision)\(preference))"),
            ("objective", objective.map { "\($0)\(Human.decimal(report.lambda, 2))" } ?? "none"),
        ])
    }

    // MARK: - Who could have, and who could not

    private var candidates: [String] {
        guard !report.candidates.isEmpty else { return ["No node could take the call."] }
        let quantile = (report.objective?.quantile ?? 0.95) * 100
        let tail = Human.decimal(quantile, quantile == quantile.rounded() ? 0 : 1)
        var table = Table(
            "  CANDIDATE",
            "TIER",
            ">SCORE",
            ">P50",
            ">P\(tail)",
            ">ENERGY",
            ">COST",
            ">COLD",
            ">OBS",
            "WHY NOT"
        )
        for candidate in report.candidates {
            let isChosen = candidate.node == report.chosen
            table.add(
                "\(isChosen ? "*" : " ") \(candidate.node)",
                candidate.tier.text,
                Human.decimal(candidate.score, 3),
                Human.milliseconds(candidate.p50),
                Human.milliseconds(candidate.tail),
                Human.joules(candidate.joules),
                Human.small(candidate.cost),
                Human.percent(candidate.coldProbability),
                "\(candidate.observations)",
                isChosen ? "chosen" : candidate.whyNot
            )
        }
        let more = report.moreCandidates > 0 ? ["  and \(report.moreCandidates) more"] : []
        return table.lines + more
    }

    private var excluded: [String] {
        let count = report.excluded.count + report.moreExcluded
        guard count > 0 else { return [] }
        let rows = report.excluded.map {
            (name: "  \($0.node)", value: Optional($0.reasons.joined(separator: "; ")))
        }
        let more = report.moreExcluded > 0 ? ["  and \(report.moreExcluded) more"] : []
        return ["Excluded (\(count)):"] + Facts.lines(rows) + more
    }

    // MARK: - What would have changed it

    private var counterfactuals: [String] {
        guard !report.counterfactuals.isEmpty else { return [] }
        return ["It would have been:"] + report.counterfactuals.map { "  \(words($0))" }
    }

    private func words(_ change: Counterfactual) -> String {
        guard change.text.isEmpty else { return change.text }
        let direction = change.threshold < change.current ? "at most" : "at least"
        let subject = change.subject.map { " of \($0)" } ?? ""
        return switch change.kind {
        case .weight:
            "\(change.winner), if the weight of \(change.weight?.rawValue ?? "a term") were \(direction) "
                + "\(Human.decimal(change.threshold, 3)), not \(Human.decimal(change.current, 3))"
        case .roundTrip:
            "\(change.winner), if the round trip\(subject) took \(direction) \(Human.milliseconds(change.threshold)), "
                + "not \(Human.milliseconds(change.current))"
        case .wait:
            "\(change.winner), if the wait\(subject) were \(direction) \(Human.milliseconds(change.threshold)), "
                + "not \(Human.milliseconds(change.current))"
        }
    }
}
