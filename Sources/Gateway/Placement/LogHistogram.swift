/// Counts of positive numbers in buckets that each are a tenth wider than the one before: quantiles to within 5 %.
package struct LogHistogram: Hashable, Sendable {
    /// The upper bounds of the buckets, from 0.01 (ms: 10 µs) on; the last takes everything beyond.
    private static let bounds: [Double] = {
        var bounds: [Double] = []
        var bound = 0.01
        while bound < 1e6 {
            bounds.append(bound)
            bound *= 1.1
        }
        return bounds
    }()

    private var counts: [UInt32] = []
    private var total = 0

    package init() {}

    package mutating func add(_ value: Double) {
        if counts.isEmpty { counts = [UInt32](repeating: 0, count: Self.bounds.count + 1) }
        counts[Self.bucket(of: value)] += 1
        total += 1
    }

    package mutating func add(_ other: LogHistogram) {
        guard other.total > 0 else { return }
        if counts.isEmpty { counts = [UInt32](repeating: 0, count: Self.bounds.count + 1) }
        for (index, count) in other.counts.enumerated() { counts[index] += count }
        total += other.total
    }

    /// The value below which that share (0 to 1) of the numbers lies: the middle of its bucket; 0 when there are none.
    package func quantile(_ share: Double) -> Double {
        guard total > 0 else { return 0 }
        let rank = max(1, Int((min(max(share, 0), 1) * Double(total)).rounded(.up)))
        var seen = 0
        for (index, count) in counts.enumerated() {
            seen += Int(count)
            if seen >= rank {
                let upper = Self.bounds[min(index, Self.bounds.count - 1)]
                return upper / 1.05
            }
        }
        return Self.bounds.last ?? 0
    }

    private static func bucket(of value: Double) -> Int {
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
