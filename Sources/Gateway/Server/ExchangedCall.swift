import Domain
import NIOCore

/// The call that an exchange made, as the exchange deals with it: on the same event loop, or through a line to another.
protocol ExchangedCall: AnyObject {
    /// Where it runs, or ran.
    var node: NodeName { get }
    var tier: Tier { get }
    /// Whether its instance was there when it came; nil while that is not known.
    var start: StartKind? { get }
    /// Whether it can take more of the request's body now.
    var takesBody: Bool { get }

    /// Takes more of the request's body.
    func write(_ bytes: ByteBuffer)
    /// The request's body is complete.
    func finishBody()
    /// Puts the call in line.
    func begin()
    /// Bytes of the answer that the caller has passed on.
    func consumed(_ bytes: Int)
    /// Ends it by force.
    func cancel()
    /// The caller went away.
    func callerLeft()
}
