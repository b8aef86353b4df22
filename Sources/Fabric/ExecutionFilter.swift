package import Domain

/// Which executions to list, newest first.
package struct ExecutionFilter: Sendable, Equatable {
    package var function: FunctionName?
    package var states: Set<ExecutionState>
    /// Only those older than this one: the next page.
    package var before: ExecutionID?
    /// At most this many, 1 to 1,000.
    package let limit: Int

    package init(
        function: FunctionName? = nil,
        states: Set<ExecutionState> = [],
        before: ExecutionID? = nil,
        limit: Int = 50
    ) {
        self.function = function
        self.states = states
        self.before = before
        self.limit = max(1, min(limit, 1000))
    }
}
