package import FunctionKit

/// A number that a function reports about itself.
package struct FunctionMetric: Sendable, Equatable {
    package let kind: MetricKind
    package let name: String
    package let value: Double
}
