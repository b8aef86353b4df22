/// What an instance uses of a processor while it serves no call.
package struct Idleness {
    /// The share of one processor that it may use, for timers of its language and the like.
    package static let allowedShare = 0.01

    private var since: UInt64 = 0
    private var used: UInt64 = 0
    private var time: UInt64 = 0

    package init() {}

    /// The share that it has used since it was looked at last, in the same rest; nil the first time in each.
    ///
    /// `used` is its CPU time so far, `since` when this rest began; all are nanoseconds.
    package mutating func share(used: UInt64, idleSince since: UInt64, at now: UInt64) -> Double? {
        defer { (self.since, self.used, self.time) = (since, used, now) }
        guard self.since == since, now > time else { return nil }
        return Double(used - min(self.used, used)) / Double(now - time)
    }
}
