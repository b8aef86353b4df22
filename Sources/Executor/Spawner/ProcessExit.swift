import CSandbox

/// How an instance ended, and what it used.
struct ProcessExit: Sendable {
    /// Why it was ended, beside what the status says.
    enum Verdict: Sendable {
        case none
        case memory
        case pids
        case seccomp
        case cpu
        /// The node asked for it.
        case killed
    }

    /// nil when a signal ended it.
    let code: Int32?
    let signal: Int32?
    let verdict: Verdict
    /// The system call that seccomp refused, where the kernel tells.
    let syscall: Int32?
    /// The system calls it made, where they were to be learned.
    let calls: [String]
    let cpuNanoseconds: UInt64
    let memoryPeakBytes: UInt64

    init(_ event: csb_event) {
        self.code = event.exit_signal == 0 ? event.exit_code : nil
        self.signal = event.exit_signal == 0 ? nil : event.exit_signal
        self.verdict =
            switch event.verdict {
            case UInt32(CSB_VERDICT_MEMORY.rawValue): .memory
            case UInt32(CSB_VERDICT_PIDS.rawValue): .pids
            case UInt32(CSB_VERDICT_SECCOMP.rawValue): .seccomp
            case UInt32(CSB_VERDICT_CPU.rawValue): .cpu
            case UInt32(CSB_VERDICT_KILLED.rawValue): .killed
            default: .none
            }
        self.syscall = event.syscall >= 0 ? event.syscall : nil
        self.calls = System.calls(of: event)
        self.cpuNanoseconds = event.cpu_nanoseconds
        self.memoryPeakBytes = event.memory_peak_bytes
    }
}
