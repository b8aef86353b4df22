/// A clock for intervals: it never goes back and does not jump when the time of day is set.
package enum Monotonic {
    /// Nanoseconds since some fixed moment before the node started.
    package static func now() -> UInt64 { System.monotonicNanoseconds() }
}
