import Continuum
import DequeModule
import Domain
import Executor
import Logging
import NIOCore
import NIOHTTP1

/// Answers calls of functions right on the connection's pipeline, and lets every other request through to the router.
///
/// It sits between the HTTP decoder and the router's handlers, and keeps requests of one connection in order: while a
/// call or a routed request is unanswered, what comes after it waits, bounded by not reading on. It also keeps the
/// connection's clocks: a client that does not finish a request's head, or stalls in its body, is cut off.
final class CallHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Whose turn it is on this connection.
    private enum State {
        /// No request is open. Legal next: `routing`, `calling`, `closing`.
        case idle
        /// The router has the request. Legal next: `idle`, `closing`.
        case routing(isRequestComplete: Bool, isAnswered: Bool)
        /// A call has the request. Legal next: `idle`, `closing`.
        case calling(CallExchange)
        /// Nothing more is read; the connection closes when what was written is out.
        case closing
    }

    /// Parts of later requests that are held at most; reading stops long before.
    private static let heldLimit = 64
    private static let lingerTime = TimeSpan.seconds(2)

    private let desk: ConnectionDesk
    private let door: CallDoor
    private var peer: PeerCertificate?
    private let logger: Logger
    /// The encoder's place in the pipeline.
    private let encoder: ChannelHandlerContext
    private var state = State.idle
    private var held: Deque<HTTPServerRequestPart> = []
    private var isReadHeld = false
    private var isQuiescing = false
    private var isInputClosed = false
    /// Until when what is waited for must have come; the timer goes off then or earlier, and looks again.
    private var deadline = NIODeadline.distantFuture
    private var timer: Scheduled<Void>?
    private var timerDue = NIODeadline.distantFuture

    init(desk: ConnectionDesk, door: CallDoor, encoder: ChannelHandlerContext, logger: Logger) {
        self.encoder = encoder
        self.desk = desk
        self.door = door
        self.logger = logger
    }

    // MARK: - Connection

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { expectHead(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        expectHead(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        if case .calling(let exchange) = state { exchange.callerLeft() }
        state = .closing
        held = []
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .calling(let exchange) = state {
            // The rest of the request does not parse; what the function answers would go to someone who broke off.
            exchange.callerLeft()
            close(context)
        } else if error is HTTPParserError, case .idle = state {
            refuse(
                context,
                Problem(
                    kind: "request.malformed",
                    title: "Malformed request",
                    status: 400,
                    detail: "the request is not valid HTTP/1.1: \(error)"
                ),
                closing: true
            )
        } else {
            context.fireErrorCaught(error)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            isQuiescing = true
            switch state {
            case .calling: break
            case .idle: close(context)
            case .routing, .closing: context.fireUserInboundEventTriggered(event)
            }
        case ChannelEvent.inputClosed:
            isInputClosed = true
            // A client may close its side once it has sent its request, and still wait for the answer; a node that does so
            // says that nobody waits any more.
            if case .calling(let exchange) = state {
                if !exchange.isRequestComplete || isPeer {
                    exchange.callerLeft()
                    close(context)
                }
            } else {
                context.fireUserInboundEventTriggered(event)
            }
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Whatever has come with the head is in the call now; the rest of a longer body follows while it runs.
        if case .calling(let exchange) = state { exchange.startCall() }
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if mayRead {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    private var mayRead: Bool {
        guard held.isEmpty else { return false }
        if case .calling(let exchange) = state { return exchange.takesBody }
        return true
    }

    private func readOn(_ context: ChannelHandlerContext) {
        guard isReadHeld, mayRead else { return }
        isReadHeld = false
        context.read()
    }

    // MARK: - Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if !held.isEmpty || mustWait(part) {
            guard held.count < Self.heldLimit else {
                close(context)
                return
            }
            held.append(part)
            return
        }
        take(part, context)
    }

    /// Whether a part belongs to a request whose turn has not come.
    private func mustWait(_ part: HTTPServerRequestPart) -> Bool {
        guard case .head = part else { return false }
        switch state {
        case .idle, .closing: return false
        case .routing, .calling: return true
        }
    }

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch (state, part) {
        case (.closing, _):
            break
        case (.idle, .head(let head)):
            begin(head, context)
        case (.idle, _):
            // What is left of a request that was refused; its connection is about to close.
            break
        case (.calling(let exchange), .body(let bytes)):
            expectBody(context)
            exchange.receive(bytes)
        case (.calling(let exchange), .end):
            deadline = .distantFuture
            exchange.receiveEnd()
        case (.calling, .head):
            close(context)
        case (.routing(_, let isAnswered), .end):
            deadline = .distantFuture
            context.fireChannelRead(wrapInboundOut(part))
            route(isRequestComplete: true, isAnswered: isAnswered, context)
        case (.routing, _):
            expectBody(context)
            context.fireChannelRead(wrapInboundOut(part))
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        expectBody(context)
        if let problem = RequestCheck.problem(with: head, limits: desk.intake.limits) {
            refuse(context, problem, closing: true)
            return
        }
        var head = head
        if case .peers(let door) = door {
            if peer == nil { peer = PeerGate.certificate(of: context.pipeline) }
            if let refusal = door.gate.refusal(of: peer, path: head.uri) {
                refuse(context, refusal.problem, headers: refusal.headers, closing: true)
                return
            }
            head.headers.remove(name: PeerCaller.header)
            if let peer { head.headers.add(name: PeerCaller.header, value: PeerCaller(peer).text) }
        }
        guard door.takes(head) else {
            state = .routing(isRequestComplete: false, isAnswered: false)
            if RequestCheck.expectsContinue(head) { writeContinue(context) }
            context.fireChannelRead(wrapInboundOut(.head(head)))
            return
        }
        let exchange = CallExchange(head: head, desk: desk, output: self, context: context, encoder: encoder)
        state = .calling(exchange)
        switch plan(head) {
        case .success(let plan):
            if RequestCheck.expectsContinue(head) { writeContinue(context) }
            exchange.prepare(plan)
        case .failure(let refusal):
            refuse(context, refusal.problem, headers: refusal.headers, closing: RequestCheck.hasBody(head))
        }
    }

    private var isPeer: Bool {
        if case .peers = door { return true }
        return false
    }

    private func plan(_ head: HTTPRequestHead) -> Result<CallPlan, FrontDoor.Refusal> {
        switch door {
        case .clients(let front): return front.plan(head, intake: desk.intake)
        case .peers(let door):
            guard let peer else { return .failure(FrontDoor.unauthenticated) }
            return door.plan(head, from: peer, intake: desk.intake)
        }
    }

    private func writeContinue(_ context: ChannelHandlerContext) {
        context.writeAndFlush(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))),
            promise: nil
        )
    }

    /// Answers a request that is not let in.
    private func refuse(
        _ context: ChannelHandlerContext,
        _ problem: Problem,
        headers: [HeaderField] = [],
        closing: Bool
    ) {
        let (head, body) = ProblemResponse.make(problem, headers: headers, isClosing: closing)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if closing {
            linger(context)
        } else {
            // The request had no body: its end is all that is still to come, and is skipped.
            state = .idle
            expectHead(context)
        }
    }

    // MARK: - The router's answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        context.write(data, promise: promise)
        if case .end = unwrapOutboundIn(data), case .routing(let isRequestComplete, _) = state {
            route(isRequestComplete: isRequestComplete, isAnswered: true, context)
        }
    }

    private func route(isRequestComplete: Bool, isAnswered: Bool, _ context: ChannelHandlerContext) {
        if isRequestComplete, isAnswered {
            becomeIdle(context)
        } else {
            state = .routing(isRequestComplete: isRequestComplete, isAnswered: isAnswered)
        }
    }

    private func becomeIdle(_ context: ChannelHandlerContext) {
        state = .idle
        if isQuiescing {
            close(context)
            return
        }
        expectHead(context)
        takeHeld(context)
        if isInputClosed, case .idle = state {
            close(context)
            return
        }
        readOn(context)
    }

    /// Takes what was held, up to the next request whose turn has not come.
    private func takeHeld(_ context: ChannelHandlerContext) {
        guard !held.isEmpty else { return }
        while let part = held.first, !mustWait(part) {
            held.removeFirst()
            take(part, context)
        }
        // The router's side hands on what it was given only when a batch of reads is complete.
        channelReadComplete(context: context)
    }

    // MARK: - Clocks

    /// The next thing must be a complete head, in time.
    private func expectHead(_ context: ChannelHandlerContext) {
        restartTimer(desk.intake.limits.idleTimeout, context)
    }

    /// The request's body must go on, in time.
    private func expectBody(_ context: ChannelHandlerContext) {
        restartTimer(desk.intake.limits.bodyTimeout, context)
    }

    /// Moves the deadline.
    ///
    /// The timer itself is only touched where it would go off too late: that is seldom, and this is called several times a
    /// request.
    private func restartTimer(_ span: TimeSpan, _ context: ChannelHandlerContext) {
        deadline = .now() + .microseconds(span.microseconds)
        guard timer == nil || timerDue > deadline else { return }
        timer?.cancel()
        setTimer(context)
    }

    private func setTimer(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timerDue = deadline
        timer = context.eventLoop.scheduleTask(deadline: deadline) {
            let (handler, context) = bound.value
            handler.timerWentOff(context)
        }
    }

    private func timerWentOff(_ context: ChannelHandlerContext) {
        timer = nil
        if deadline <= .now() {
            timePassed(context)
        } else if deadline < .distantFuture {
            setTimer(context)
        }
    }

    private func timePassed(_ context: ChannelHandlerContext) {
        switch state {
        case .idle, .closing:
            context.close(promise: nil)
        case .calling(let exchange):
            // A body that waits for the function to take more of it does not stall by its sender's fault.
            guard !exchange.isRequestComplete, exchange.takesBody else { return }
            exchange.callerLeft()
            close(context)
        case .routing(let isRequestComplete, _):
            if !isRequestComplete { context.close(promise: nil) }
        }
    }

    /// Closes our side and skips what still comes for a moment: a client in the middle of sending must get to read its
    /// answer before it finds the connection gone.
    private func linger(_ context: ChannelHandlerContext) {
        state = .closing
        held = []
        context.close(mode: .output, promise: nil)
        restartTimer(Self.lingerTime, context)
        readOn(context)
    }

    private func close(_ context: ChannelHandlerContext) {
        state = .closing
        held = []
        timer?.cancel()
        context.close(promise: nil)
    }
}

extension CallHandler: CallExchangeOutput {
    func exchangeWantsBody(_ exchange: CallExchange, context: ChannelHandlerContext) {
        takeHeld(context)
        expectBody(context)
        readOn(context)
    }

    func exchangeDidEnd(_ exchange: CallExchange, keepsAlive: Bool, context: ChannelHandlerContext) {
        guard case .calling = state else { return }
        if keepsAlive, !exchange.isBodyPending {
            becomeIdle(context)
        } else if exchange.isBodyPending {
            linger(context)
        } else {
            close(context)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .calling(let exchange) = state { exchange.writabilityChanged() }
        context.fireChannelWritabilityChanged()
    }
}
