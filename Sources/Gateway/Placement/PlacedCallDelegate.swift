import Domain
import NIOCore

/// Whoever made a call and gets its answer, wherever it runs; called on the event loop, never after `placedCallDidEnd`.
protocol PlacedCallDelegate: AnyObject {
    /// The call can take more of the request's body.
    func placedCallWantsBody(_ call: PlacedCall)
    /// The call is about to be handed to an instance on this node.
    func placedCallWillRun(_ call: PlacedCall)
    /// The function answers: its status and headers.
    ///
    /// When the answer `isComplete`, its body and the call's end follow before anything else happens, so that all of it can
    /// be written at once.
    func placedCall(_ call: PlacedCall, didReceiveHead status: Int, headers: [HeaderField], isComplete: Bool)
    /// More of the answer's body; say ``PlacedCall/consumed(_:)`` when it has been passed on, or no more will come.
    func placedCall(_ call: PlacedCall, didReceiveBody bytes: ByteBuffer)
    /// The call is over. When it failed after the head, the answer is cut short.
    func placedCallDidEnd(_ call: PlacedCall, outcome: PlacedOutcome)
}
