import CSandbox

/// Where the memory of a process comes from.
enum ProcessOrigin: Sendable, Equatable {
    /// Its program is executed.
    case program
    /// The same, but it serves no call: it initialises and is then forked.
    case programOfZygote
    /// It is forked from the zygote with that id, which has to be prepared.
    case fork(of: UInt64)

    /// How many processes can be forked from one zygote.
    static let forksOfZygote = Int(CSB_ZYGOTE_FORKS)

    func write(to header: inout csb_spawn_request) {
        switch self {
        case .program: header.origin = UInt32(CSB_ORIGIN_EXEC.rawValue)
        case .programOfZygote: header.origin = UInt32(CSB_ORIGIN_ZYGOTE.rawValue)
        case .fork(let zygote):
            header.origin = UInt32(CSB_ORIGIN_FORK.rawValue)
            header.zygote = zygote
        }
    }
}
