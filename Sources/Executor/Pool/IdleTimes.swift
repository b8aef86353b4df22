/// How long a version had nothing to do before it was called again, as far as that was longer than instances are kept.
///
/// Where these times are alike, the next call can be expected: an instance is started shortly before, and kept until it is
/// late. Source: M. Shahrad et al., "Serverless in the Wild", USENIX ATC 2020, section 4.2 (start at the 5th percentile of
/// idle times, keep until the 99th); here of the last times themselves instead of a histogram of minutes.
package struct IdleTimes: Sendable {
    /// Times that are remembered, and that are needed before anything is expected.
    private static let capacity = 64, needed = 6
    /// Starts for nothing, one after another, after which nothing is expected any more.
    private static let missesAllowed = 3

    /// Nanoseconds, the newest anywhere.
    private var times: [UInt64] = []
    private var next = 0
    private var misses = 0

    package init() {}

    /// A call came after so many nanoseconds.
    package mutating func add(_ nanoseconds: UInt64) {
        misses = 0
        if times.count < Self.capacity {
            times.append(nanoseconds)
        } else {
            times[next] = nanoseconds
            next = (next + 1) % Self.capacity
        }
    }

    /// An instance was started for a call that did not come.
    package mutating func missed() {
        misses += 1
        if misses >= Self.missesAllowed { self = IdleTimes() }
    }

    /// From when until when after the end of the last call an instance should be there, in nanoseconds.
    ///
    /// Nil while the times say nothing: there are too few, the next call comes while an instance is kept anyway, or it may
    /// come within so long a time that an instance would idle longer than `keepAlive` for it. `start` is how long a start
    /// takes.
    package func window(keepAlive: UInt64, start: UInt64) -> (from: UInt64, until: UInt64)? {
        guard times.count >= Self.needed else { return nil }
        let sorted = times.sorted()
        let early = sorted[sorted.count / 20], late = sorted[(sorted.count * 99 - 1) / 100]
        // Nothing is so regular that a twentieth of it does not count.
        let margin = early / 20 + start
        let (until, overflow) = late.addingReportingOverflow(late / 20)
        guard !overflow, early > margin, early - margin > keepAlive, until - (early - margin) <= keepAlive else {
            return nil
        }
        return (early - margin, until)
    }
}
