import Synchronization

/// A count that only grows; adding is one relaxed atomic instruction.
package final class CounterHandle: MetricHandle {
    package static let kind = MetricKind.counter

    private let count = Atomic<UInt64>(0)

    /// Makes a count of 0 that no registry knows; ``MetricRegistry`` gives registered ones.
    package init() {}

    /// Adds to the count; it wraps at 2^64.
    package func add(_ amount: UInt64 = 1) { count.wrappingAdd(amount, ordering: .relaxed) }

    /// The count now.
    package var value: UInt64 { count.load(ordering: .relaxed) }

    package func expose(name: String, labels: String, to exposition: inout Exposition) {
        exposition.sample(name, labels: labels, value: value)
    }
}
