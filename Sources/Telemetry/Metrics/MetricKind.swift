/// What a metric measures, as its `# TYPE` line says.
package enum MetricKind: String, Hashable, Sendable {
    /// A sum that only grows.
    case counter
    /// A value that goes up and down.
    case gauge
    /// A distribution.
    case histogram
}
