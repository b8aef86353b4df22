/// Everything that a run found out.
struct Report: Hashable, Sendable, Codable {
    /// Version of this form.
    var format = 1
    /// When the run began, in UTC.
    let date: String
    let rounds: Int
    let seconds: Int
    var machine: Machine
    let tools: Tools
    var cases: [CaseResult] = []
}
