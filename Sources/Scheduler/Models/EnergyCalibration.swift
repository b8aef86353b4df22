/// What a node's CPU time costs in energy: what its description says, moved by what its meters say.
///
/// watts per busy core = (ΣJ + w₀·s₀) / (ΣCPU seconds + s₀), with w₀ from the description counting as s₀ = 2 CPU seconds,
/// and sums that fade as CPU time is used, over about 200 CPU seconds.
package struct EnergyCalibration: Hashable, Sendable {
    private static let priorSeconds = 2.0
    private static let memorySeconds = 200.0

    private var joules = 0.0
    private var seconds = 0.0

    /// Starts with the description alone.
    package init() {}

    /// Watts of a busy core, where the description says `described`.
    package func watts(described: Double) -> Double {
        (joules + described * Self.priorSeconds) / (seconds + Self.priorSeconds)
    }

    /// Learns what a call's CPU time cost.
    package mutating func observe(joules: Double, cpuMilliseconds: Double) {
        guard joules >= 0, joules < 1e9, cpuMilliseconds > 0 else { return }
        let spent = cpuMilliseconds / 1000
        let kept = max(0, 1 - spent / Self.memorySeconds)
        self.joules = self.joules * kept + joules
        seconds = seconds * kept + spent
    }
}
