/// What was wrong with bytes from the other side; the connection cannot go on after it.
package enum FrameError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A frame announces more payload than is allowed.
    case tooLong(UInt32)
    /// There is no such type of frame.
    case unknownType(UInt8)
    /// Flags or reserved bits are set that mean nothing.
    case undefinedFlags
    /// A payload ends early, goes on too long, or holds a value that is not allowed.
    case malformed(FrameType)
    /// A frame of this type may not come here: a wrong direction, a second request, a body after its end.
    case unexpected(FrameType, call: UInt64)
    /// A frame names a call that is not in flight.
    case unknownCall(UInt64)
    /// More calls at once than the instance takes.
    case tooManyCalls(limit: Int)
    /// More body bytes came than were granted, or more were granted than can be counted.
    case windowExceeded(call: UInt64)

    package var description: String {
        switch self {
        case .tooLong(let length): "a frame of \(length) bytes is longer than \(WireLimits.payload)"
        case .unknownType(let type): "there is no frame type \(type)"
        case .undefinedFlags: "a frame has flags that are not defined"
        case .malformed(let type): "a \(type) frame does not parse"
        case .unexpected(let type, let call): "a \(type) frame was not expected for call \(call)"
        case .unknownCall(let call): "call \(call) is not in flight"
        case .tooManyCalls(let limit): "more than \(limit) calls came at once"
        case .windowExceeded(let call): "call \(call) does not keep to its window"
        }
    }
}
