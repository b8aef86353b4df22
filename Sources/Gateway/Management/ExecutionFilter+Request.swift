import Domain
import Fabric
import Hummingbird

extension ExecutionFilter {
    /// What the query of a request asks for: `function`, `state` (several with commas), `before` and `limit`.
    init(_ request: Request) throws {
        self.init(
            function: try request.query("function", FunctionName.init),
            states: try request.query("state", Self.states) ?? [],
            before: try request.query("before", ExecutionID.init),
            limit: try request.number("limit", in: 1...1000, default: 50)
        )
    }

    /// The query that asks for this.
    var query: String {
        var query = "limit=\(limit)"
        if let function { query += "&function=\(function)" }
        if let before { query += "&before=\(before)" }
        if !states.isEmpty { query += "&state=\(states.map(\.rawValue).sorted().joined(separator: ","))" }
        return query
    }

    private static func states(_ raw: String) throws(Invalid) -> Set<ExecutionState> {
        var states: Set<ExecutionState> = []
        for word in raw.split(separator: ",") {
            guard let state = ExecutionState(rawValue: String(word)) else {
                let known = ExecutionState.allCases.map(\.rawValue)
                throw Invalid(
                    "state",
                    "'\(Printable.text(String(word)))' is not known; \(NearestName.hint(for: String(word), among: known))"
                )
            }
            states.insert(state)
        }
        return states
    }
}
