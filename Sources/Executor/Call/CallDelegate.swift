package import Domain
package import NIOCore

/// Whoever made a call and gets its answer; called on the executor's event loop, never after `callDidEnd`.
package protocol CallDelegate: AnyObject {
    /// The call can take more of the request's body.
    func callWantsBody(_ call: Call)
    /// The call is about to be handed to an instance: from now on the function may have begun it.
    func callWillRun(_ call: Call)
    /// The function answers: its status and headers. When the answer `isComplete`, its body and the call's end follow
    /// before anything else happens, so that all of it can be written at once.
    func call(_ call: Call, didReceiveHead status: Int, headers: [HeaderField], isComplete: Bool)
    /// More of the answer's body. Say ``Call/consumed(_:)`` when it has been passed on, or no more will come.
    func call(_ call: Call, didReceiveBody bytes: ByteBuffer)
    /// The call is over. When it failed after the head, the answer is cut short.
    func callDidEnd(_ call: Call, outcome: CallOutcome)
}
