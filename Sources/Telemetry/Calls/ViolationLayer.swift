/// The layer of the sandbox that stopped an attempt to leave it: the label `layer`.
package enum ViolationLayer: Int, LabelValue {
    /// A system call that is not on the list.
    case seccomp
    case memory
    case cpu
    case processes
    case output
    case egress
    /// Anything else.
    case other

    package var text: String {
        switch self {
        case .seccomp: "seccomp"
        case .memory: "memory"
        case .cpu: "cpu"
        case .processes: "pids"
        case .output: "output"
        case .egress: "egress"
        case .other: "other"
        }
    }
}
