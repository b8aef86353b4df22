/// What a policy picked.
struct Pick: Sendable {
    /// The candidate's number in the fleet; nil when none may run the call.
    let slot: Int?
    /// The probability with which it was picked.
    let propensity: Double
    /// Whether it was picked in order to learn.
    var isExploration = false

    static let none = Pick(slot: nil, propensity: 0)
}
