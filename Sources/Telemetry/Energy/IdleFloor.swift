/// Learns what a meter shows at rest: the lowest power of any interval so far.
///
/// A meter sees only a part of the node (RAPL: the CPU packages), so the idle power of a power curve, which is that of the
/// whole node, must not be subtracted from it. The floor rises by 1 % an interval towards what is seen, so that one wrong
/// reading does not last. Until the node has rested once the floor is too high, and calls are billed too little: never
/// too much.
package struct IdleFloor: Hashable, Sendable {
    private static let rise = 0.01

    /// The lowest power seen, in watts; nil before there was an interval.
    package private(set) var watts: Double?

    /// Makes a floor that knows nothing yet.
    package init() {}

    /// Takes note of an interval: its joules and its length in nanoseconds.
    package mutating func observe(joules: Double, intervalNanoseconds: UInt64) {
        guard intervalNanoseconds > 0, joules.isFinite, joules >= 0 else { return }
        let seen = joules / (Double(intervalNanoseconds) / 1e9)
        watts = watts.map { floor in seen < floor ? seen : floor + (seen - floor) * Self.rise } ?? seen
    }
}
