import Synchronization

/// A distribution of durations in fixed buckets (see ``LatencyBuckets``); recording is two relaxed atomic additions.
package final class HistogramHandle: MetricHandle {
    package static let kind = MetricKind.histogram

    private let counts: InlineArray<260, Atomic<UInt64>> = InlineArray { _ in Atomic(0) }
    private let sum = Atomic<UInt64>(0)

    /// Makes a histogram without durations that no registry knows; ``MetricRegistry`` gives registered ones.
    package init() {}

    /// Counts a duration in nanoseconds.
    package func record(nanoseconds: UInt64) {
        counts[LatencyBuckets.index(nanoseconds: nanoseconds)].wrappingAdd(1, ordering: .relaxed)
        sum.wrappingAdd(nanoseconds, ordering: .relaxed)
    }

    /// Counts a duration in seconds; what is negative or no number counts as 0.
    package func record(seconds: Double) {
        let nanoseconds = seconds > 0 ? min(seconds * 1e9, 9e18) : 0
        record(nanoseconds: UInt64(nanoseconds))
    }

    /// Adds all that another histogram holds.
    package func merge(_ other: HistogramSnapshot) {
        for index in 0..<LatencyBuckets.count where other.counts[index] > 0 {
            counts[index].wrappingAdd(other.counts[index], ordering: .relaxed)
        }
        sum.wrappingAdd(other.sumNanoseconds, ordering: .relaxed)
    }

    /// The state now; what is recorded meanwhile may be in it in part.
    package func snapshot() -> HistogramSnapshot {
        HistogramSnapshot(
            counts: (0..<LatencyBuckets.count).map { counts[$0].load(ordering: .relaxed) },
            sumNanoseconds: sum.load(ordering: .relaxed)
        )
    }

    /// The duration in nanoseconds that a share `quantile` (0...1) of all stay within; nil while there are none.
    package func quantile(_ quantile: Double) -> UInt64? { snapshot().quantile(quantile) }

    package func expose(name: String, labels: String, to exposition: inout Exposition) {
        let bucket = name + "_bucket"
        var index = 0
        var count: UInt64 = 0
        for (end, label) in LatencyBuckets.exposedBounds {
            while index < end {
                count &+= counts[index].load(ordering: .relaxed)
                index += 1
            }
            exposition.sample(bucket, labels: labels, and: label, value: count)
        }
        exposition.sample(name + "_sum", labels: labels, value: sum.load(ordering: .relaxed), decimals: 9)
        exposition.sample(name + "_count", labels: labels, value: count)
    }
}
