/// When an address is probed next, and which probe is under way.
struct ProbeSchedule: Equatable, Sendable {
    /// Least time between two probes of an address, in nanoseconds: how fast one that is in doubt is asked again.
    static let hurriedInterval: UInt64 = 400_000_000
    /// A probe of which nothing was heard for so long has failed, in nanoseconds.
    static let timeout: UInt64 = 3_000_000_000

    /// When the next probe is due.
    private(set) var next: UInt64
    private var sentAt: UInt64?
    private var outstanding: UInt64?

    init(first: UInt64) { self.next = first }

    func isDue(_ now: UInt64) -> Bool { outstanding == nil && next <= now }

    mutating func sent(_ number: UInt64, at now: UInt64) {
        outstanding = number
        sentAt = now
    }

    /// A probe ended; false when it was not the one under way, and so was counted before.
    mutating func ended(_ number: UInt64) -> Bool {
        guard outstanding == number else { return false }
        outstanding = nil
        return true
    }

    /// Whether a probe takes too long.
    func isExpired(_ now: UInt64) -> Bool {
        outstanding != nil && sentAt.map { now >= $0 + Self.timeout } ?? false
    }

    /// Gives up a probe that takes too long; returns whether there was one.
    mutating func expire(_ now: UInt64) -> Bool {
        guard isExpired(now) else { return false }
        outstanding = nil
        return true
    }

    /// This node itself stood still for `duration` and could not have heard an answer.
    mutating func excuse(_ duration: UInt64, now: UInt64) {
        if let sent = sentAt, sent < now { sentAt = min(sent + duration, now) }
    }

    /// Plans the next probe `interval` nanoseconds after the last was sent, shortened by up to a fifth.
    ///
    /// `spread` is any number; it keeps probes from falling into step.
    mutating func plan(after interval: UInt64, now: UInt64, spread: UInt64) {
        let shortened = interval - interval / 5 * (spread & 0xffff) / 0xffff
        next = max(now, (sentAt ?? now) + shortened)
    }

    /// Asks as soon as the least interval allows.
    mutating func hurry(_ now: UInt64) {
        next = min(next, max(now, sentAt.map { $0 + Self.hurriedInterval } ?? now))
    }
}
