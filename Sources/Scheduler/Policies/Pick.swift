/// What a policy picked.
struct Pick: Sendable {
    /// The candidate's number in the fleet; nil when none may run the call.
    let slot: Int?
    /// The probability with which it was picked.
    var propensity: Double
    /// Whether it was picked in order to learn.
    var isExploration = false
    /// Whether it was picked although it is not safe, because what is known of it may be out of date.
    var isProbe = false

    static let none = Pick(slot: nil, propensity: 0)
}
