import Domain
import NIOCore

/// What the calls' loop says to a connection's loop about a call.
struct CallNews: Sendable {
    enum Kind: Sendable {
        /// It can run nowhere.
        case refused(CallFailure)
        /// Bytes of the request's body have been taken.
        case took(Int)
        case head(AnswerHead)
        case body(ByteBuffer)
        /// The whole answer at once, and the call's end.
        case answer(AnswerHead, ByteBuffer, CallEnd)
        case end(CallEnd)
    }

    let receiver: NIOLoopBound<DistantCall>
    let kind: Kind
}
