import Synchronization

/// A sum of fractions that only grows: joules, CPU seconds.
///
/// Adding is lock-free.
package final class FloatCounterHandle: MetricHandle {
    package static let kind = MetricKind.counter

    private let bits = Atomic<UInt64>(0)

    /// Makes a sum of 0 that no registry knows; ``MetricRegistry`` gives registered ones.
    package init() {}

    /// Adds an amount; what is negative, infinite or no number is ignored.
    package func add(_ amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        bits.update { $0 + amount }
    }

    /// Raises the sum to a total that was counted elsewhere (by the kernel, say); a smaller one is ignored.
    package func advance(to total: Double) {
        guard total.isFinite else { return }
        bits.update { max($0, total) }
    }

    /// The sum now.
    package var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    package func expose(name: String, labels: String, to exposition: inout Exposition) {
        exposition.sample(name, labels: labels, value: DecimalText.prometheus(value))
    }
}
