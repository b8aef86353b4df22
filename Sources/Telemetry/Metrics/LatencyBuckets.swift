/// The buckets that durations are counted in: decimal log-linear from 1 µs to 120 s.
///
/// Every decade has 32 buckets: tenths from 1 to 2, quarters from 2 to 5, halves from 5 to 10. So 1, 2, 2.5, 3, 5, 6, …
/// of every decade are bounds exactly, which makes the `le` buckets of Prometheus exact sums of these, and the middle of
/// a bucket is at most 6.25 % away from anything in it. A bucket holds what is above its lower bound, up to and with its
/// upper bound. The first holds everything up to 1 µs, the last everything above 120 s.
package enum LatencyBuckets {
    /// The number of buckets: the first, 8 decades, 100–110 and 110–120 s, the last.
    package static let count = 260

    /// Upper bounds that are exposed, in nanoseconds.
    static let exposed: [UInt64] = [
        100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000,
        250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000, 30_000_000_000,
        60_000_000_000,
    ]

    /// For every `le` bucket of the exposition, `+Inf` last: the first bucket that is not part of it, and its label.
    static let exposedBounds: [(end: Int, label: String)] =
        exposed.map { (index(nanoseconds: $0) + 1, "le=\"\(DecimalText.fraction($0, decimals: 9))\"") }
        + [(count, "le=\"+Inf\"")]

    /// The bucket of a duration in nanoseconds: 0 ..< ``count``.
    package static func index(nanoseconds: UInt64) -> Int {
        guard nanoseconds > 1000 else { return 0 }
        guard nanoseconds <= 120_000_000_000 else { return count - 1 }
        let below = nanoseconds - 1
        // A twentieth of each decade, so that the division is by a constant.
        return switch below {
        case ..<10_000: index(decade: 0, twentieths: below / 50)
        case ..<100_000: index(decade: 1, twentieths: below / 500)
        case ..<1_000_000: index(decade: 2, twentieths: below / 5000)
        case ..<10_000_000: index(decade: 3, twentieths: below / 50_000)
        case ..<100_000_000: index(decade: 4, twentieths: below / 500_000)
        case ..<1_000_000_000: index(decade: 5, twentieths: below / 5_000_000)
        case ..<10_000_000_000: index(decade: 6, twentieths: below / 50_000_000)
        case ..<100_000_000_000: index(decade: 7, twentieths: below / 500_000_000)
        default: index(decade: 8, twentieths: below / 5_000_000_000)
        }
    }

    private static func index(decade: Int, twentieths: UInt64) -> Int {
        let step = Int(truncatingIfNeeded: twentieths)
        let inDecade =
            switch step {
            case ..<40: (step - 20) / 2
            case ..<100: 10 + (step - 40) / 5
            default: 22 + (step - 100) / 10
            }
        return 1 + decade * 32 + inDecade
    }

    /// The largest duration in a bucket, in nanoseconds; `UInt64.max` for the last.
    package static func upperBound(_ index: Int) -> UInt64 {
        guard index > 0 else { return 1000 }
        guard index < count - 1 else { return .max }
        var twentieth: UInt64 = 50
        for _ in 0..<(index - 1) / 32 { twentieth *= 10 }
        let inDecade = UInt64((index - 1) % 32 + 1)
        return switch inDecade {
        case ...10: twentieth * (20 + inDecade * 2)
        case ...22: twentieth * (40 + (inDecade - 10) * 5)
        default: twentieth * (100 + (inDecade - 22) * 10)
        }
    }

    /// What stands for all durations of a bucket, in nanoseconds: its middle, and 120 s for the last.
    package static func middle(_ index: Int) -> UInt64 {
        let lower = index > 0 ? upperBound(index - 1) : 0
        return index < count - 1 ? (lower + upperBound(index)) / 2 : lower
    }
}
