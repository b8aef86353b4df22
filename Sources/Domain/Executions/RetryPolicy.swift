/// When a failed asynchronous call is tried again: exponential backoff with full jitter.
///
/// Source: M. Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).
package struct RetryPolicy: Hashable, Sendable, Codable {
    /// Attempts in all, the first included.
    package let attempts: Int
    /// Bound of the wait before the second attempt; it doubles with every attempt.
    package let base: TimeSpan
    /// Bound of every wait.
    package let limit: TimeSpan

    package init(attempts: Int = 3, base: TimeSpan = .seconds(1), limit: TimeSpan = .minutes(5)) {
        self.attempts = attempts
        self.base = base
        self.limit = limit
    }

    /// The wait after `attempt` (1 for the first) failed, or nil when it was the last.
    ///
    /// `draw` is uniform in 0..<1; at least half of the bound is waited, so that a failing dependency gets its rest.
    package func wait(after attempt: Int, draw: Double) -> TimeSpan? {
        guard attempt < attempts else { return nil }
        let doubled = Double(base.microseconds) * Double(sign: .plus, exponent: min(attempt - 1, 40), significand: 1)
        let bound = min(doubled, Double(limit.microseconds))
        return TimeSpan(microseconds: Int64(bound * (0.5 + 0.5 * draw)))
    }
}
