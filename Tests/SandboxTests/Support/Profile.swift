import CSandbox

/// How a bundle is run; each has a root file system and a filter of its own.
enum Profile: String, CaseIterable, Sendable, CustomStringConvertible {
    /// As `runtime: swift`.
    case executable
    /// As `runtime: python3`.
    case python
    /// As `runtime: exec`: it may make processes.
    case any

    var code: UInt32 {
        switch self {
        case .executable: UInt32(CSB_PROFILE_STATIC.rawValue)
        case .python: UInt32(CSB_PROFILE_PYTHON.rawValue)
        case .any: UInt32(CSB_PROFILE_EXEC.rawValue)
        }
    }

    var description: String { rawValue }
}
