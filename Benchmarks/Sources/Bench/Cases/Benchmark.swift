/// A case, one type each: subjects that are measured in turns, one of them the reference.
protocol Benchmark: Sendable {
    /// Stable: what `--only` takes and what reports are compared by.
    var name: String { get }
    var title: String { get }
    /// What exactly is measured, for the reader of the report.
    var explanation: String { get }
    /// What the design promises.
    var goals: [Goal] { get }

    /// Who takes part, in the order of the report.
    func subjects(on bench: Workbench) -> [Subject]
    /// How many rounds there are when `wanted` are asked for.
    func rounds(wanted: Int) -> Int
    /// Adds what follows from all rounds of several subjects, before they are compared and judged.
    func complete(_ result: inout CaseResult)
}

extension Benchmark {
    var goals: [Goal] { [] }

    func rounds(wanted: Int) -> Int { wanted }

    func complete(_ result: inout CaseResult) {}
}
