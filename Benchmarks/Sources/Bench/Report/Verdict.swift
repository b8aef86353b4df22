/// A promise, and what came out.
struct Verdict: Hashable, Sendable, Codable {
    let goal: Goal
    let measured: Double?
    let outcome: Outcome

    /// How it came out.
    enum Outcome: String, Sendable, Codable {
        case notMeasured = "not measured"
        case missed = "missed"
        case met = "met"
        case aimMet = "aim met"
    }

    init(_ goal: Goal, measured: Double?) {
        self.goal = goal
        self.measured = measured
        self.outcome =
            switch measured {
            case nil: .notMeasured
            case let value? where !goal.isReached(goal.bar, by: value): .missed
            case let value? where goal.aim.map { goal.isReached($0, by: value) } ?? false: .aimMet
            default: .met
            }
    }
}
