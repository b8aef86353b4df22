/// What a case gave.
struct CaseResult: Hashable, Sendable, Codable {
    let name: String
    let title: String
    /// What exactly was measured, for the reader of the report.
    let explanation: String
    var subjects: [SubjectResult] = []
    /// What was left out and why, and what went wrong.
    var notes: [String] = []
    var verdicts: [Verdict] = []

    /// Sets ratios and verdicts, when all rounds are done.
    mutating func conclude(_ goals: [Goal]) {
        if let reference = subjects.first(where: \.isReference) {
            for index in subjects.indices where !subjects[index].isReference {
                subjects[index].compare(with: reference)
            }
        }
        verdicts = goals.map { goal in
            Verdict(goal, measured: subjects.first { $0.name == goal.subject }.flatMap(goal.measured))
        }
    }
}
