package import Domain
package import NIOCore

/// Whoever made a call to a peer; called on the event loop, never after one of the two ends.
package protocol PeerCallDelegate: AnyObject {
    /// The peer takes more of the request's body.
    func peerCallWantsBody(_ call: PeerCall)
    /// The peer is about to hand the call to an instance.
    func peerCallDidStart(_ call: PeerCall)
    /// The head of the answer.
    func peerCall(_ call: PeerCall, didReceiveHead status: Int, headers: [HeaderField])
    /// More of the answer's body; say ``PeerCall/consumed(_:)`` when it has been passed on.
    func peerCall(_ call: PeerCall, didReceiveBody bytes: ByteBuffer)
    /// The answer is complete.
    func peerCall(_ call: PeerCall, didCompleteWith trailers: [HeaderField])
    /// There is no answer, or not all of it.
    func peerCall(_ call: PeerCall, didFailWith loss: PeerLoss)
}
