/// How busy the CPUs of the machine were over an interval.
package struct Utilisation: Hashable, Sendable {
    /// Share of the CPU time that was busy, 0 to 1.
    package let share: Double
    /// CPU time of all processes of the machine, in nanoseconds.
    package let busyNanoseconds: UInt64
    /// Logical CPUs.
    package let cores: Int

    /// Makes a utilisation from its parts.
    package init(share: Double, busyNanoseconds: UInt64, cores: Int) {
        self.share = share
        self.busyNanoseconds = busyNanoseconds
        self.cores = cores
    }
}
