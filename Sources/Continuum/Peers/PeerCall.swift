import DequeModule
import Domain
package import NIOCore

/// One request to a peer, from its making to the end of its answer.
///
/// Confined to the event loop.
package final class PeerCall {
    /// Where the request stands.
    private enum State {
        /// No connection yet. Legal next: `sending`, `ended`.
        case waiting
        /// Legal next: `ended`.
        case sending(PeerConnection)
        case ended
    }

    /// Body bytes taken while there is no connection yet, or while it is full.
    private static let bodyAhead = 262_144

    let request: PeerRequest
    private weak var delegate: (any PeerCallDelegate)?
    private var state = State.waiting
    private var waiting: Deque<ByteBuffer> = []
    private var waitingBytes = 0
    private(set) var isBodyComplete = false
    private(set) var hasStarted = false
    /// Who is at the other end, as its certificate says; nil before there is a connection.
    package private(set) var peer: PeerCertificate?
    /// When its head was written to a connection; nil before.
    package private(set) var sentAt: NIODeadline?
    /// Bytes of the answer that were handed over and not passed on yet.
    private var unconsumed = 0

    init(_ request: PeerRequest, delegate: any PeerCallDelegate) {
        self.request = request
        self.delegate = delegate
    }

    var isEnded: Bool {
        if case .ended = state { return true }
        return false
    }

    // MARK: - The request's body

    /// Whether more of the body may be handed over; if not, the delegate is told when.
    package var takesBody: Bool {
        switch state {
        case .waiting: waitingBytes < Self.bodyAhead
        case .sending(let connection): connection.isWritable
        case .ended: true
        }
    }

    package func write(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0, !isBodyComplete else { return }
        switch state {
        case .waiting:
            waiting.append(bytes)
            waitingBytes += bytes.readableBytes
        case .sending(let connection): connection.write(bytes)
        case .ended: break
        }
    }

    /// The body is complete.
    package func finishBody() {
        guard !isBodyComplete else { return }
        isBodyComplete = true
        if case .sending(let connection) = state { connection.finishBody() }
    }

    /// The length of the body when all of it is there before the head is sent; nil when it is not.
    var knownLength: Int? { isBodyComplete ? waitingBytes : nil }

    /// A connection takes the call: gives it what has been waiting.
    func begin(on connection: PeerConnection) {
        state = .sending(connection)
        peer = connection.peer
        sentAt = .now()
        while let bytes = waiting.popFirst() { connection.write(bytes) }
        waitingBytes = 0
        if isBodyComplete { connection.finishBody() }
        if connection.isWritable, !isBodyComplete { delegate?.peerCallWantsBody(self) }
    }

    func connectionTakesMore() {
        if !isBodyComplete { delegate?.peerCallWantsBody(self) }
    }

    // MARK: - The answer

    func receiveStart() {
        guard !hasStarted else { return }
        hasStarted = true
        delegate?.peerCallDidStart(self)
    }

    func receiveHead(_ status: Int, _ headers: [HeaderField]) {
        delegate?.peerCall(self, didReceiveHead: status, headers: headers)
    }

    func receiveBody(_ bytes: ByteBuffer) {
        unconsumed += bytes.readableBytes
        if unconsumed >= PeerConnection.answerWindow, case .sending(let connection) = state { connection.holdReading() }
        delegate?.peerCall(self, didReceiveBody: bytes)
    }

    /// Bytes of the answer that have been passed on.
    package func consumed(_ bytes: Int) {
        unconsumed -= bytes
        if unconsumed < PeerConnection.answerWindow / 2, case .sending(let connection) = state {
            connection.readOn()
        }
    }

    // MARK: - Its end

    /// Nobody waits for the answer any more: the connection is closed, which cancels the call there.
    package func cancel() {
        let old = state
        state = .ended
        delegate = nil
        waiting = []
        if case .sending(let connection) = old { connection.abandon() }
    }

    func complete(_ trailers: [HeaderField]) {
        guard !isEnded else { return }
        state = .ended
        delegate?.peerCall(self, didCompleteWith: trailers)
    }

    func fail(_ loss: PeerLoss) {
        guard !isEnded else { return }
        state = .ended
        waiting = []
        delegate?.peerCall(self, didFailWith: loss)
    }
}
