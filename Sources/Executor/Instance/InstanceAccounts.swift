import Domain

/// What an instance has used, and which of its calls that is charged to.
struct InstanceAccounts {
    /// Nanoseconds between two looks at its memory: each costs a system call.
    private static let memoryInterval: UInt64 = 100_000_000

    private let isSequential: Bool
    private let slowdown: Double
    private var meter = CPUMeter()
    /// Answers that were read together and are still to be accounted for; whether the clock was read for them.
    private var answersLeft = 1
    private var isClockRead = false
    /// The highest memory so far.
    private var memoryPeakBytes: UInt64 = 0
    private var nextMemorySample: UInt64 = 0

    /// `slowdown` is the factor by which a slower machine is emulated.
    init(concurrency: Int, slowdown: Double) {
        self.isSequential = concurrency == 1
        self.slowdown = slowdown
    }

    /// So many calls are about to end at once: they share what was used, and the clock is read once for them.
    mutating func answersRead(_ count: Int) {
        answersLeft = count
        isClockRead = false
    }

    /// Gives the calls in flight their shares of the CPU time that the process has used so far.
    mutating func settle(_ calls: Dictionary<UInt64, Call>.Values, of pid: Int32) {
        if !isClockRead, let total = System.processCPU(pid) { meter.advance(to: total) }
        share(among: calls)
    }

    /// The last accounts: the spawner's numbers cover children too, which the process clock does not.
    mutating func settle(_ calls: Dictionary<UInt64, Call>.Values, by exit: ProcessExit) {
        meter.advance(to: exit.cpuNanoseconds)
        share(among: calls)
        for call in calls { call.memoryPeakBytes = max(call.memoryPeakBytes, exit.memoryPeakBytes) }
    }

    private mutating func share(among calls: Dictionary<UInt64, Call>.Values) {
        let areTogether = isSequential && answersLeft > 1
        let share = meter.share(among: calls.count, of: areTogether ? answersLeft : calls.count)
        for call in calls { call.cpuNanoseconds += slowdown > 1 ? UInt64(Double(share) * slowdown) : share }
        guard areTogether else { return }
        isClockRead = true
        answersLeft -= 1
    }

    /// Notes with a call the highest memory so far.
    mutating func addMemoryPeak(of process: SpawnedProcess, to call: Call) {
        let now = System.monotonicNanoseconds()
        if process.memoryFile >= 0, now >= nextMemorySample {
            nextMemorySample = now + Self.memoryInterval
            if let text = System.readText(process.memoryFile) { memoryPeakBytes = UInt64(text.trimmingSpaces) ?? 0 }
        }
        call.memoryPeakBytes = max(call.memoryPeakBytes, memoryPeakBytes)
    }
}
