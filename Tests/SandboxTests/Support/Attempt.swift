import Glibc

/// What came of one attack.
struct Attempt: Sendable, CustomStringConvertible {
    enum Ending: Sendable, Equatable {
        case exited(Int32)
        case signal(Int32)
        /// The filter ended it, for this system call where the kernel tells.
        case seccomp(String?)
        case memory
        case processes
        case time
        /// It had not ended by itself.
        case stopped
        /// It was never started.
        case refused(step: String, errno: Int32)
    }

    let attack: String
    /// What it said last; empty where it was ended before.
    let said: String
    let ending: Ending
    /// Whether its process waited before it was asked for.
    var hasWaited = false

    /// Whether there was nobody to try it: its zygote could not be forked just then.
    var wasNotForked: Bool {
        if case .refused(_, errno: ECHILD) = ending { true } else { false }
    }

    /// `blocked ENOENT`, `limited ...`, `succeeded ...`, or how it was ended: `killed ptrace`, `memory`, `signal 11`.
    var outcome: String {
        switch ending {
        case .seccomp(let call): "killed \(call ?? "?")"
        case .memory: "memory"
        case .processes: "processes"
        case .time: "time"
        case .signal(let number): said.isEmpty ? "signal \(number)" : said
        case .stopped: said.isEmpty ? "stopped" : "stopped \(said)"
        case .refused(let step, let errno): "refused \(step) \(errno)"
        case .exited(let code): code == 0 ? said : "exit \(code) \(said)"
        }
    }

    var description: String { "\(attack): \(outcome)" }
}
