import CSandbox

/// What the spawner may prepare for the next start like the one that is asked for.
enum Preparation {
    /// A process that waits before it runs the program.
    case process
    /// The program itself, which waits before it makes anything of the function; it knows how.
    case program
    /// As the first; and memory is short, so that programs which wait are ended.
    case short

    var code: UInt32 {
        switch self {
        case .process: UInt32(CSB_AHEAD_PROCESS.rawValue)
        case .program: UInt32(CSB_AHEAD_PROGRAM.rawValue)
        case .short: UInt32(CSB_AHEAD_SHORT.rawValue)
        }
    }
}
