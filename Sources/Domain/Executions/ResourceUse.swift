/// What a call used, as far as it was measured.
package struct ResourceUse: Hashable, Sendable, Codable {
    /// CPU time of the function's processes, in nanoseconds.
    package var cpuNanoseconds: UInt64
    /// Highest memory of the instance up to the end of the call, in bytes.
    package var memoryPeakBytes: UInt64
    /// Dynamic energy, in joules.
    package var joules: Double
    /// Carbon of that energy, in grams of CO2 equivalent.
    package var grams: Double
    /// How the joules were obtained: `model`, `powercap` or `command`.
    package var energyMethod: String

    package init(
        cpuNanoseconds: UInt64 = 0,
        memoryPeakBytes: UInt64 = 0,
        joules: Double = 0,
        grams: Double = 0,
        energyMethod: String = "model"
    ) {
        self.cpuNanoseconds = cpuNanoseconds
        self.memoryPeakBytes = memoryPeakBytes
        self.joules = joules
        self.grams = grams
        self.energyMethod = energyMethod
    }
}
