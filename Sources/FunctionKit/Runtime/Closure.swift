/// Why no more frames will come.
package enum Closure: Error, Equatable {
    /// The node closed the socket: the instance is not needed any more.
    case ended
    /// The node broke the protocol.
    case violated(FrameError)
    /// The socket does not work.
    case failed(SystemError)

    /// The status the process ends with.
    package var exitCode: Int32 {
        switch self {
        case .ended: 0
        case .violated, .failed: 70
        }
    }

    /// What to tell on standard error; nil where nothing is wrong.
    package var complaint: String? {
        switch self {
        case .ended: nil
        case .violated(let error): "the node broke the protocol: \(error)"
        case .failed(let error): "the socket to the node does not work: \(error)"
        }
    }
}
