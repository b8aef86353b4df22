/// What is done with the value of a metric.
package enum MetricKind: UInt8, Sendable, CaseIterable {
    /// Added to a sum that only grows.
    case counter = 0
    /// The newest value counts.
    case gauge = 1
    /// One observation of many.
    case histogram = 2
}
