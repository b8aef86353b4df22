/// Two reports side by side: what changed by more than the rounds of one report differ among themselves.
struct Comparison: Sendable {
    /// One metric of one subject in both.
    struct Change: Hashable, Sendable {
        let benchmark: String
        let subject: String
        let metric: Metric
        /// Whether the values are ratios to the reference.
        let isRatio: Bool
        let old: Double
        let new: Double

        /// By which share it became worse; negative where it became better.
        var worsening: Double {
            let change = (new - old) / old
            return metric.better == .lower ? change : -change
        }
    }

    let changes: [Change]
    private let isSameMachine: Bool

    init(old: Report, new: Report) {
        let isSameMachine = old.machine.processor == new.machine.processor
        self.isSameMachine = isSameMachine
        self.changes = new.cases.flatMap { later in
            guard let earlier = old.cases.first(where: { $0.name == later.name }) else { return [Change]() }
            return later.subjects.flatMap { subject in
                guard let before = earlier.subjects.first(where: { $0.name == subject.name }) else { return [Change]() }
                return subject.series.compactMap { series in
                    before[series.metric].flatMap {
                        Self.change(
                            from: $0,
                            to: series,
                            of: (later.name, subject.name),
                            comparesValues: isSameMachine && !subject.isReference
                        )
                    }
                }
            }
        }
    }

    /// What became worse by more than a share, the worst first.
    func regressions(beyond bound: Double) -> [Change] {
        changes.filter { $0.worsening > bound }.sorted { $0.worsening > $1.worsening }
    }

    private static func change(
        from old: Series,
        to new: Series,
        of names: (benchmark: String, subject: String),
        comparesValues: Bool
    ) -> Change? {
        if let before = old.ratio, let after = new.ratio {
            guard before.median > 0, after.low > before.high || after.high < before.low else { return nil }
            return Change(
                benchmark: names.benchmark,
                subject: names.subject,
                metric: new.metric,
                isRatio: true,
                old: before.median,
                new: after.median
            )
        }
        guard comparesValues, old.median > 0, let lowest = new.rounds.min(), let highest = new.rounds.max(),
            let lowestBefore = old.rounds.min(), let highestBefore = old.rounds.max(),
            lowest > highestBefore || highest < lowestBefore
        else { return nil }
        return Change(
            benchmark: names.benchmark,
            subject: names.subject,
            metric: new.metric,
            isRatio: false,
            old: old.median,
            new: new.median
        )
    }

    /// For people: what became worse, then what became better.
    func text(bound: Double) -> String {
        var lines: [String] = []
        let worse = regressions(beyond: bound)
        let better = changes.filter { $0.worsening < -bound }.sorted { $0.worsening < $1.worsening }
        for (title, changes) in [("Worse", worse), ("Better", better)] where !changes.isEmpty {
            lines.append("\(title):")
            lines += changes.map { "  " + Self.line($0) }
        }
        if lines.isEmpty { lines.append("Nothing changed by more than \(Number.decimal(bound * 100, places: 0)) %.") }
        if !isSameMachine { lines.append("The processors differ: only ratios were compared.") }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func line(_ change: Change) -> String {
        let shown = { (value: Double) in change.isRatio ? Number.text(value) + " ×" : change.metric.show(value) }
        let share = Number.decimal(abs(change.worsening) * 100, places: 0)
        return
            "\(change.benchmark), \(change.subject), \(change.metric.title): \(shown(change.old)) -> \(shown(change.new))"
            + " (\(share) %)"
    }
}
