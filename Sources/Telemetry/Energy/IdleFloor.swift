/// Learns what a meter shows at rest: the lowest power of the last day.
///
/// A meter sees only a part of the node (RAPL: the CPU packages), so the idle power of a power curve, which is that of the
/// whole node, must not be subtracted from it. Rest must last for two intervals in a row, so that one wrong reading does not
/// count, and is forgotten after a day, so that a change of the machine does not last. Until the node has rested once the
/// floor is too high, and calls are billed too little: never too much.
package struct IdleFloor: Hashable, Sendable {
    /// One hour in nanoseconds, and how many are remembered.
    private static let hour: UInt64 = 3_600_000_000_000
    private static let hours = 24

    /// The lowest power of each hour, the current one last.
    private var lows: [Double] = []
    /// Nanoseconds of the current hour that are over.
    private var elapsed: UInt64 = 0
    private var previous: Double?

    /// Makes a floor that knows nothing yet.
    package init() {}

    /// The lowest power seen, in watts; nil before there was an interval.
    package var watts: Double? { lows.min() ?? previous }

    /// Takes note of an interval: its joules and its length in nanoseconds.
    package mutating func observe(joules: Double, intervalNanoseconds: UInt64) {
        guard intervalNanoseconds > 0, joules.isFinite, joules >= 0 else { return }
        let seen = joules / (Double(intervalNanoseconds) / 1e9)
        defer { previous = seen }
        elapsed &+= intervalNanoseconds
        guard let previous else { return }
        let low = max(previous, seen)
        if lows.isEmpty || elapsed >= Self.hour {
            if !lows.isEmpty { elapsed = 0 }
            lows.append(low)
            if lows.count > Self.hours { lows.removeFirst() }
        } else {
            lows[lows.count - 1] = min(lows[lows.count - 1], low)
        }
    }
}
