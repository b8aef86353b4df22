/// Times that all CPUs together have spent since boot, from `/proc/stat`, in nanoseconds.
package struct CPUTimes: Hashable, Sendable {
    /// Running user or kernel code, handling interrupts.
    package let busy: UInt64
    /// Waiting for work or for disks.
    package let idle: UInt64
    /// Logical CPUs that are online; at least 1.
    package let cores: Int

    /// Makes times; less than one core counts as one.
    package init(busy: UInt64, idle: UInt64, cores: Int) {
        self.busy = busy
        self.idle = idle
        self.cores = max(1, cores)
    }

    /// Parses the text of `/proc/stat`; nil when it has no such line.
    ///
    /// Time stolen by a hypervisor counts as neither.
    package init?(parsing text: String) {
        var total: [UInt64] = []
        var cores = 0
        for line in text.split(separator: "\n") {
            guard line.hasPrefix("cpu") else { break }
            let fields = ProcText.fields(line)
            if fields.first == "cpu" { total = fields.dropFirst().compactMap { UInt64($0) } } else { cores += 1 }
        }
        // user nice system idle iowait irq softirq steal; guest time is in user time already.
        guard total.count >= 4 else { return nil }
        total += Array(repeating: 0, count: max(0, 8 - total.count))
        let tick = 1_000_000_000 / System.ticksPerSecond
        self.init(
            busy: (total[0] + total[1] + total[2] + total[5] + total[6]) &* tick,
            idle: (total[3] + total[4]) &* tick,
            cores: cores
        )
    }
}
