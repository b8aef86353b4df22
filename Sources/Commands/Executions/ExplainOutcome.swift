import Domain

/// What another policy would have done, and what was observed, against what was predicted.
struct ExplainOutcome {
    private let report: DecisionReport
    private let predicted: CandidateReport?

    init(_ report: DecisionReport, predicted: CandidateReport?) {
        self.report = report
        self.predicted = predicted
    }

    var lines: [String] { shadow + observed }

    private var shadow: [String] {
        guard let shadow = report.shadow else { return [] }
        let choice = shadow.chosen.map { $0 == report.chosen ? "chosen the same" : "chosen \($0)" } ?? "found no node"
        return ["In the shadow, \(shadow.policy) would have \(choice)."]
    }

    private var observed: [String] {
        guard let observed = report.observed else {
            return report.chosen == nil ? [] : ["Nothing was observed yet; ask again when the execution is over."]
        }
        var table = Table("", ">PREDICTED", ">OBSERVED", ">CHANGE")
        table.add("node", report.chosen?.text ?? "", observed.node.text, "")
        table.add(
            "time",
            predicted.map { Human.milliseconds($0.p50) } ?? "",
            Human.milliseconds(observed.milliseconds),
            predicted.map { Human.change(from: $0.p50, to: observed.milliseconds) } ?? ""
        )
        table.add(
            "energy",
            predicted.map { Human.joules($0.joules) } ?? "",
            Human.joules(observed.joules),
            predicted.map { Human.change(from: $0.joules, to: observed.joules) } ?? ""
        )
        table.add(
            "start",
            predicted.map { "\(Human.percent($0.coldProbability)) cold" } ?? "",
            observed.start?.rawValue ?? "",
            ""
        )
        let moved =
            observed.node == report.chosen
            ? [] : ["It ended on another node than the chosen one, after a further attempt."]
        let failure = observed.failure.map { ["It failed: \($0)"] } ?? []
        return table.lines + moved + failure
    }
}
