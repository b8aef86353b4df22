import NIOCore

/// What a connection's loop says to the calls' loop about a call.
struct CallOrder: Sendable {
    enum Kind: Sendable {
        /// It is to be put in line, with what has come of its body.
        case begin(CallDraft)
        /// Its caller left before it was put in line.
        case giveUp(CallDraft)
        case body(ByteBuffer)
        case bodyEnd
        /// Bytes of the answer were passed on.
        case consumed(Int)
        case cancel
        case callerLeft
    }

    /// Where the call is kept on the calls' loop.
    let guest: NIOLoopBoundBox<GuestCall?>
    let kind: Kind
}
