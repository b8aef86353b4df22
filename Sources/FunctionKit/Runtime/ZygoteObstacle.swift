/// Why a process that has initialised cannot be forked: its forks would not be what an instance of its own is.
enum ZygoteObstacle: Error, Equatable, CustomStringConvertible {
    case threads
    case openDescriptors
    case temporaryFiles

    var description: String {
        switch self {
        case .threads: "it has other threads, such as those of tasks or of Dispatch"
        case .openDescriptors: "it holds files or sockets open"
        case .temporaryFiles: "it has left files in /tmp"
        }
    }
}
