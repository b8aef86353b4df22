/// Shares the CPU time of an instance among the calls it serves.
///
/// Whenever a call begins or ends, the time used since the last such moment is divided evenly among the calls that
/// were in flight meanwhile. With one call at a time this is exact, but that of calls which were lined up and answered
/// together may all go to the first; what an instance uses while it idles goes to the
/// next call, and what it used to start goes to the call it was started for.
package struct CPUMeter {
    private var accounted: UInt64 = 0

    package init() {}

    /// The share of each of `calls` calls, given the instance's total so far in nanoseconds.
    package mutating func share(total: UInt64, among calls: Int) -> UInt64 {
        guard calls > 0, total > accounted else { return 0 }
        let share = (total - accounted) / UInt64(calls)
        accounted = total
        return share
    }
}
