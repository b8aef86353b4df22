/// What measures the energy of the node, or of a part of it.
package protocol EnergyMeter: Sendable {
    /// What its joules are called.
    var method: EnergyMethod { get }

    /// Joules since the last call; nil when they cannot be told.
    ///
    /// The first number after that may be for more or less than the time since the last call: it is no measure of it. Never
    /// blocks for longer than a read of a file in /sys; to be called by one caller, every second or few.
    func advance() -> Double?
}
