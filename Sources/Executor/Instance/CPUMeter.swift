/// Shares the CPU time of an instance among the calls it serves.
///
/// Whenever a call begins or ends, the time used since the last such moment is divided evenly among the calls that
/// were in flight meanwhile, and where calls that were lined up are answered together, among these. With one call at a
/// time this is exact; what an instance uses while it idles goes to the next call, and what it used to start goes to the
/// call it was started for. All times are nanoseconds.
package struct CPUMeter {
    private var total: UInt64 = 0
    private var unshared: UInt64 = 0

    package init() {}

    /// The instance has used `total` since it began.
    package mutating func advance(to total: UInt64) {
        guard total > self.total else { return }
        unshared += total - self.total
        self.total = total
    }

    /// What each of `calls` calls gets, when `parts` calls, these among them, have used all that is not shared out.
    package mutating func share(among calls: Int, of parts: Int) -> UInt64 {
        guard calls > 0, parts >= calls else { return 0 }
        let share = unshared / UInt64(parts)
        unshared = parts == calls ? 0 : unshared - share * UInt64(calls)
        return share
    }
}
