extension Context {
    /// A context for a test of a handler; what is logged or reported goes nowhere.
    ///
    /// ```swift
    /// let response = try Greet().handle(Request("Ada"), .testing())
    /// ```
    public static func testing(
        function: String = "test",
        callID: String = "test-call",
        remaining: Duration = .seconds(30)
    ) -> Context {
        let (seconds, attoseconds) = remaining.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        let head = RequestHead(
            method: "POST",
            executionID: callID,
            remainingMicroseconds: UInt64(max(0, microseconds))
        )
        let connection = Connection(-1, environment: InstanceEnvironment(function: function), style: .pumping)
        let state = CallState(number: 1, firstBytes: [], isBodyComplete: true)
        return Context(Call(number: 1, head: head, state: state, on: connection))
    }
}
