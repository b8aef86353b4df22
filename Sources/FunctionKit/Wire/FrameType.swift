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
    /// A request through the egress broker begins: its head.
    case fetch = 10
    /// Bytes of a fetch's body, in either direction.
    case fetchBody = 11
    /// A fetch is answered: the head.
    case fetchResponse = 12
    /// A fetch ended without an answer, or in the middle of one.
    case fetchFailure = 13
    /// The other side may send that many more bytes of a fetch's body.
    case fetchWindow = 14
    /// Nobody waits for a fetch any more.
    case fetchCancel = 15
    /// What a request of a fetch was and took; from the broker to the node only.
    case fetchReport = 16
    /// With it comes the page of tickets, as a descriptor; from the node only.
    case tickets = 17
    /// What `request` is, of a call whose turn comes after those before it, and only with its ticket; from the node only.
    case offer = 18
}
