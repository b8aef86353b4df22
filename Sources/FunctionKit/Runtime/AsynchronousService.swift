/// Serves calls in tasks.
protocol AsynchronousService: Sendable {
    /// Serves one call to its end; never leaves it open.
    func serve(_ call: Call) async
}
