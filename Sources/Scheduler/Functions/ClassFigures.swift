/// A function's figures on a class of devices, as its columns hold them.
struct ClassFigures: Hashable, Sendable {
    var execution: Float
    var cpu: Float
    var cold: Float
    var observations: Float

    /// Whether other figures differ by enough to be written: by 0.4 % of a time, by a tenth of the observations.
    ///
    /// Columns are long and calls end often; what a time moves by less changes no decision that a tie would not.
    func isOutdated(by other: ClassFigures) -> Bool {
        Self.isMoved(execution, other.execution, 0.004) || Self.isMoved(cpu, other.cpu, 0.004)
            || Self.isMoved(cold, other.cold, 0.004) || Self.isMoved(observations, other.observations, 0.1)
    }

    /// Whether a value moved by more than a share of what it was.
    static func isMoved(_ old: Float, _ new: Float, _ share: Float) -> Bool { (new - old).magnitude > share * old }
}
