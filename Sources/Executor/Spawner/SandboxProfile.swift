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

    var code: UInt32 {
        switch self {
        case .staticExecutable: UInt32(CSB_PROFILE_STATIC.rawValue)
        case .python: UInt32(CSB_PROFILE_PYTHON.rawValue)
        case .anyExecutable: UInt32(CSB_PROFILE_EXEC.rawValue)
        }
    }
}
