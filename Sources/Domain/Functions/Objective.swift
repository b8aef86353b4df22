/// What a function asks of its calls: that a share of them ends within a time.
package struct Objective: Hashable, Sendable, Codable {
    /// The time within which calls should end.
    package let latency: TimeSpan
    /// The share of calls that should, between 0 and 1; 0.95 unless told.
    package let quantile: Double

    package init(latency: TimeSpan, quantile: Double = 0.95) {
        self.latency = latency
        self.quantile = quantile
    }
}
