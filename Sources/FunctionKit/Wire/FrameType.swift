/// What a frame says, by its number on the wire.
package enum FrameType: UInt8, Sendable, CaseIterable {
    /// The instance can take calls.
    case ready = 1
    /// A call begins: its head and the first bytes of its body.
    case request = 2
    /// More bytes of a body, in either direction.
    case body = 3
    /// A call is answered: the head and the first bytes of the body.
    case response = 4
    /// A call ended with an error.
    case failure = 5
    /// An entry for the log.
    case log = 6
    /// The other side may send that many more bytes of a body.
    case window = 7
    /// Nobody waits for the call any more.
    case cancel = 8
    /// A number that the function reports.
    case metric = 9
}
