import Domain
import Egress
import FunctionKit
import NIOCore

/// A request of a function that the broker makes, as the node keeps account of it.
///
/// Confined to the event loop.
final class EgressFetch {
    /// Its number at the broker.
    let id: UInt64
    /// Its number in the function's call.
    let number: UInt32
    let call: Call
    let instance: Instance
    /// What is told of it where the broker cannot tell.
    let head: FetchHead
    private let began = System.monotonicNanoseconds()
    private var isBodySent: Bool
    /// Body bytes that the function may send.
    private var allowance = WireLimits.window
    /// Bytes of the answer that went to the function and were not granted anew.
    private var delivered = 0

    init(id: UInt64, number: UInt32, call: Call, instance: Instance, head: FetchHead) {
        self.id = id
        self.number = number
        self.call = call
        self.instance = instance
        self.head = head
        self.isBodySent = head.bodyLength == 0
    }

    /// The function sends a piece of the body.
    func sends(_ bytes: Int, isEnd: Bool) throws(FrameViolation) {
        allowance -= bytes
        guard !isBodySent, allowance >= 0 else {
            throw FrameViolation("it sent more of a request's body than was granted, or went on after its end")
        }
        isBodySent = isEnd
    }

    /// The broker takes that many more bytes of the body.
    func granted(_ bytes: Int) { allowance = min(allowance + bytes, WireLimits.window) }

    /// A piece of the answer goes to the function.
    func delivers(_ bytes: Int) { delivered += bytes }

    /// The function takes that many more bytes of the answer: as many as it got, and no more.
    func grants(_ bytes: Int) throws(FrameViolation) {
        delivered -= bytes
        guard delivered >= 0 else { throw FrameViolation("it granted more of an answer than it was sent") }
    }

    /// The record of a request that the broker says nothing of.
    func record(_ error: EgressFailure) -> EgressRequest {
        var request = EgressRequest(refused: head, because: error.error)
        request.nanoseconds = System.monotonicNanoseconds() - began
        return request
    }
}
