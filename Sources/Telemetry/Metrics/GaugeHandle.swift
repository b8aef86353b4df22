import Synchronization

/// A value that goes up and down; setting is one atomic store.
package final class GaugeHandle: MetricHandle {
    package static let kind = MetricKind.gauge

    private let bits = Atomic<UInt64>(0)

    /// Makes a gauge at 0 that no registry knows; ``MetricRegistry`` gives registered ones.
    package init() {}

    /// Replaces the value.
    package func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    /// Adds an amount, which may be negative.
    package func add(_ amount: Double) { bits.update { $0 + amount } }

    /// The value now.
    package var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    package func expose(name: String, labels: String, to exposition: inout Exposition) {
        exposition.sample(name, labels: labels, value: DecimalText.prometheus(value))
    }
}
