/// A positive value that follows what is observed slowly: what a score's terms are measured against.
package struct SlowMean: Hashable, Sendable {
    private static let step = 0.01

    /// The value; nil before anything was observed.
    package private(set) var value: Double?

    /// Starts without a value.
    package init() {}

    /// The value, or 1 before there is one.
    package var orOne: Double { value ?? 1 }

    /// Learns a value; the first is taken as it is, and what is not positive is passed over.
    package mutating func observe(_ observed: Double) {
        guard observed > 0, observed.isFinite else { return }
        value = value.map { $0 + Self.step * (observed - $0) } ?? observed
    }
}
