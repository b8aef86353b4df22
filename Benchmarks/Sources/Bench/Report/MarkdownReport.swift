/// A report for people, as Markdown that reads well as plain text too.
struct MarkdownReport {
    private let report: Report

    init(_ report: Report) { self.report = report }

    var text: String {
        let parts = [heading, verdicts].filter { !$0.isEmpty } + report.cases.map(section)
        return parts.joined(separator: "\n")
    }

    private var heading: String {
        let machine = report.machine
        let tools = report.tools.versions.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        return """
            # Godwit beside others, \(report.date.prefix(10))

            \(machine.processor), \(machine.processors) processors, \(Number.text(machine.memoryGibibytes)) GiB, \
            \(machine.system), Linux \(machine.kernel), \(machine.fileSystem), as \(machine.isRoot ? "root" : "a user"). \
            \(report.rounds) interleaved rounds of \(report.seconds) s a subject; medians over the rounds. Client and \
            servers share the processors. Load of the machine before \(Number.decimal(machine.loadAtStart, places: 1)), \
            after \(Number.decimal(machine.loadAtEnd, places: 1)).
            A number in parentheses is the ratio to the reference (the row in italics): the median of the rounds' own \
            ratios, so it need not be the quotient of the two medians.

            \(tools.joined(separator: "; ")).

            """
    }

    private var verdicts: String {
        let rows = report.cases.flatMap { result in
            result.verdicts.map { verdict in
                let goal = verdict.goal
                return [
                    result.name, "\(goal.subject): \(goal.metric.title)",
                    verdict.measured.map { show($0, goal) } ?? "–",
                    limit(goal.bar, goal), goal.aim.map { limit($0, goal) } ?? "", verdict.outcome.rawValue,
                ]
            }
        }
        guard !rows.isEmpty else { return "" }
        return "## What is promised\n\n"
            + MarkdownTable(["case", "what", "measured", "bar", "aim", ""], rows, leading: 2).text
    }

    private func show(_ value: Double, _ goal: Goal) -> String {
        goal.kind == .ratio ? Number.ratio(value) : goal.metric.show(value)
    }

    private func limit(_ value: Double, _ goal: Goal) -> String {
        "\(goal.metric.better == .lower ? "≤" : "≥") \(show(value, goal))"
    }

    private func section(_ result: CaseResult) -> String {
        var metrics: [Metric] = []
        for series in result.subjects.flatMap(\.series) where !metrics.contains(where: { $0.id == series.metric.id }) {
            metrics.append(series.metric)
        }
        let rows = result.subjects.filter { !$0.series.isEmpty }.map { subject in
            [subject.isReference ? "*\(subject.name)*" : subject.name] + metrics.map { cell(subject[$0]) }
        }
        return "## \(result.name): \(result.title)\n\n\(result.explanation)\n\n"
            + (rows.isEmpty ? "" : MarkdownTable([""] + metrics.map(\.heading), rows).text)
            + (rows.isEmpty || result.notes.isEmpty ? "" : "\n") + result.notes.map { "- \($0)\n" }.joined()
    }

    private func cell(_ series: Series?) -> String {
        guard let series else { return "" }
        let value = series.metric.unit.isEmpty ? series.metric.show(series.median) : Number.text(series.median)
        return series.ratio.map { "\(value) (\(Number.ratio($0.median)))" } ?? value
    }
}
