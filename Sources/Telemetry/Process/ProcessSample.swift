/// What the kernel says about this process at one moment.
package struct ProcessSample: Hashable, Sendable {
    /// User and system time of all its threads since it started, in seconds.
    package let cpuSeconds: Double
    /// Memory that is resident, in bytes.
    package let residentBytes: UInt64
    /// When it started, in seconds since 1970-01-01T00:00:00Z.
    package let startSeconds: Double
    /// Descriptors that are open.
    package let openDescriptors: Int
    /// Descriptors that may be open; nil without a limit.
    package let descriptorLimit: UInt64?

    /// Reads /proc/self; nil where that is not possible.
    package static func read() -> ProcessSample? {
        guard let stat = ProcText.text("/proc/self/stat"), let kernel = ProcText.text("/proc/stat"),
            let descriptors = System.names(in: "/proc/self/fd")
        else { return nil }
        // One descriptor is that of the directory being read.
        let open = max(0, descriptors.count - 1)
        return ProcessSample(stat: stat, kernel: kernel, openDescriptors: open, descriptorLimit: System.openFileLimit())
    }

    /// Parses `/proc/self/stat` and `/proc/stat` (for the time of boot).
    package init?(stat: String, kernel: String, openDescriptors: Int, descriptorLimit: UInt64?) {
        // The second field is the name in parentheses, which may itself hold spaces and parentheses.
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = ProcText.fields(stat[stat.index(after: end)...])
        let boot = kernel.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { UInt64($0.dropFirst(6)) }
        guard let boot, fields.count > 21, let user = UInt64(fields[11]), let system = UInt64(fields[12]),
            let start = UInt64(fields[19]), let pages = UInt64(fields[21])
        else { return nil }
        let ticks = Double(System.ticksPerSecond)
        self.cpuSeconds = Double(user + system) / ticks
        self.residentBytes = pages * System.pageSize
        self.startSeconds = Double(boot) + Double(start) / ticks
        self.openDescriptors = openDescriptors
        self.descriptorLimit = descriptorLimit
    }
}
