import CSandbox
import Domain

/// Which root, filter and rules an instance gets; one for each kind of runtime.
enum SandboxProfile: Sendable {
    case staticExecutable
    case python
    case anyExecutable

    init(_ runtime: RuntimeKind) {
        self =
            switch runtime {
            case .swift: .staticExecutable
            case .python3: .python
            case .exec: .anyExecutable
            }
    }

    /// Whether an instance may make the system call, perhaps under a condition.
    func allows(_ call: SystemCallName) -> Bool {
        // SAFETY: the name is passed as a terminated text that lives as long as the call.
        let rule = unsafe csb_profile_rule(code, call.text)
        return rule == CSB_CALL_ALLOWED.rawValue || rule == CSB_CALL_ALWAYS.rawValue
    }

    var code: UInt32 {
        switch self {
        case .staticExecutable: UInt32(CSB_PROFILE_STATIC.rawValue)
        case .python: UInt32(CSB_PROFILE_PYTHON.rawValue)
        case .anyExecutable: UInt32(CSB_PROFILE_EXEC.rawValue)
        }
    }
}
