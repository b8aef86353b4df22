/// The types of frames, by their number on the wire.
package enum FrameKind: UInt8, Sendable {
    case ready = 1
    case request = 2
    case body = 3
    case response = 4
    case failure = 5
    case log = 6
    case window = 7
    case cancel = 8
    case metric = 9
}
