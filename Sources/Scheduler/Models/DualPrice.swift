/// What missing a function's objective costs in the score: λ, raised while it is missed too often.
///
/// Dual ascent on the constraint that a share of at most α of the calls misses: after each call
/// λ ← λ + η·([missed] − α), between bounds. A call that misses weighs 1/α times as much as one that does not, so that λ
/// stands still exactly when the constraint is met.
package struct DualPrice: Hashable, Sendable {
    /// Least price: an objective is never worth nothing.
    package static let least = 0.5
    /// Highest price, so that it comes down again within a few hundred calls.
    package static let highest = 20.0
    private static let step = 0.2

    /// λ, at the beginning 10.
    ///
    /// Missing the objective then costs more than what most nodes save, until what is observed says otherwise. Begun at 2, it
    /// was missed some thirty times before λ had risen to where it counts.
    package private(set) var value = 10.0

    /// Starts with the price of a function that was never called.
    package init() {}

    /// Learns whether a call missed the objective, where a share of `allowed` may.
    package mutating func observe(isMissed: Bool, allowed: Double) {
        value = min(max(value + Self.step * ((isMissed ? 1 : 0) - allowed), Self.least), Self.highest)
    }
}
