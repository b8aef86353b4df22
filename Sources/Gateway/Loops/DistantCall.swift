import Domain
import NIOCore

/// A call that lives on another loop, as the exchange knows it that made it.
///
/// Confined to the connection's event loop. Where the call runs is decided once it is put in line, so that it cannot run
/// anywhere comes as news too.
final class DistantCall: ExchangedCall {
    /// How far the call has come.
    private enum State {
        /// What has come of its body waits here. Legal next: `begun`, `over`.
        case new
        /// Legal next: `over`.
        case begun
        case over
    }

    /// Body bytes that may be on their way or wait on the calls' loop.
    private static let bodyAhead = 65_536

    private let plan: CallPlan
    private let bytes: Int
    private let exchange: CallExchange
    private let line: CallLine
    private let eventLoop: any EventLoop
    private let guest: NIOLoopBoundBox<GuestCall?>
    private var state = State.new
    private var body: [ByteBuffer] = []
    private var isBodyComplete = false
    /// Bytes of the body that the calls' loop has not taken yet.
    private var untaken = 0
    private(set) var node: NodeName
    private(set) var tier: Tier
    private(set) var start: StartKind?

    init(_ plan: CallPlan, bytes: Int, exchange: CallExchange, line: CallLine, eventLoop: any EventLoop) {
        self.plan = plan
        self.bytes = bytes
        self.exchange = exchange
        self.line = line
        self.eventLoop = eventLoop
        self.guest = .makeEmptyBox(eventLoop: line.calls)
        self.node = exchange.node.name
        self.tier = exchange.node.tier
    }

    // MARK: - From the exchange

    var takesBody: Bool { untaken < Self.bodyAhead }

    func write(_ bytes: ByteBuffer) {
        switch state {
        case .new: body.append(bytes)
        case .begun: send(.body(bytes))
        case .over: return
        }
        untaken += bytes.readableBytes
    }

    func finishBody() {
        switch state {
        case .new: isBodyComplete = true
        case .begun: send(.bodyEnd)
        case .over: break
        }
    }

    func begin() {
        guard case .new = state else { return }
        state = .begun
        send(.begin(takeDraft()))
    }

    func consumed(_ bytes: Int) { tell(.consumed(bytes)) }

    func cancel() { tell(.cancel) }

    func callerLeft() {
        if case .new = state {
            state = .begun
            send(.giveUp(takeDraft()))
        } else {
            tell(.callerLeft)
        }
    }

    /// Tells the calls' loop something about a call that is there.
    private func tell(_ kind: CallOrder.Kind) {
        if case .begun = state { send(kind) }
    }

    private func send(_ kind: CallOrder.Kind) { line.send(CallOrder(guest: guest, kind: kind)) }

    private func takeDraft() -> CallDraft {
        defer { body = [] }
        return CallDraft(
            plan: plan,
            bytes: bytes,
            body: body,
            isBodyComplete: isBodyComplete,
            sender: NIOLoopBound(self, eventLoop: eventLoop)
        )
    }

    // MARK: - From the calls' loop

    /// Hears what has become of the call.
    func receive(_ news: CallNews.Kind) {
        switch news {
        case .refused(let failure):
            state = .over
            exchange.refused(failure)
        case .took(let count):
            let couldTake = takesBody
            untaken -= count
            if !couldTake, takesBody { exchange.wantsBody() }
        case .head(let head):
            receive(head)
        case .body(let bytes):
            exchange.receiveBody(bytes, of: self)
        case .answer(let head, let bytes, let end):
            // There is nobody any more who wants to know what is passed on of it.
            state = .over
            receive(head)
            if bytes.readableBytes > 0 { exchange.receiveBody(bytes, of: self) }
            receive(end)
        case .end(let end):
            receive(end)
        }
    }

    private func receive(_ head: AnswerHead) {
        (node, tier, start) = (head.node, head.tier, head.start)
        exchange.receiveHead(head.status, head.headers, isComplete: head.isComplete, of: self)
    }

    private func receive(_ end: CallEnd) {
        state = .over
        (node, tier, start) = (end.record.node, end.record.tier, end.record.start)
        exchange.receiveEnd(end, of: self)
    }
}
