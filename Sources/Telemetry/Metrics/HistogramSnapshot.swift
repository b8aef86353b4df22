/// A histogram at one moment, as a value that can be merged, shipped and asked for quantiles.
package struct HistogramSnapshot: Hashable, Sendable {
    /// How many durations each of the ``LatencyBuckets`` holds.
    package private(set) var counts: [UInt64]
    /// The sum of all durations, in nanoseconds.
    package private(set) var sumNanoseconds: UInt64

    /// Makes a snapshot; `counts` is cut or filled with zeros to the number of buckets.
    package init(counts: [UInt64] = [], sumNanoseconds: UInt64 = 0) {
        let missing = max(0, LatencyBuckets.count - counts.count)
        self.counts = Array(counts.prefix(LatencyBuckets.count)) + Array(repeating: 0, count: missing)
        self.sumNanoseconds = sumNanoseconds
    }

    /// How many durations there are.
    package var count: UInt64 { counts.reduce(0, &+) }

    /// Adds all that another one holds.
    package mutating func merge(_ other: HistogramSnapshot) {
        for index in counts.indices { counts[index] &+= other.counts[index] }
        sumNanoseconds &+= other.sumNanoseconds
    }

    /// The duration in nanoseconds that a share `quantile` (0...1) of all stay within, at most 6.25 % off between 1 µs and
    /// 120 s; nil while there are none.
    package func quantile(_ quantile: Double) -> UInt64? {
        let total = count
        guard total > 0, !quantile.isNaN else { return nil }
        let rank = max(1, UInt64((min(max(quantile, 0), 1) * Double(total)).rounded(.up)))
        var seen: UInt64 = 0
        for (index, count) in counts.enumerated() {
            seen += count
            if seen >= rank { return LatencyBuckets.middle(index) }
        }
        return LatencyBuckets.middle(LatencyBuckets.count - 1)
    }
}
