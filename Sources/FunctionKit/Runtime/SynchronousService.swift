/// Serves calls in threads.
protocol SynchronousService: Sendable {
    /// Serves one call to its end; never leaves it open.
    func serve(_ call: Call)
}
