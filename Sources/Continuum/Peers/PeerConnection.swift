import Domain
import NIOCore
import NIOHTTP1
import NIOSSL
import NIOTLS

/// A connection to a peer: one call at a time, call after call.
///
/// Confined to the event loop.
final class PeerConnection: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// Bytes of an answer that may wait to be passed on before no more are read.
    static let answerWindow = 262_144
    /// The status by which a peer says that it hands the call to an instance (RFC 2518, section 10.1).
    static let started = 102

    private weak var link: PeerLink?
    private var context: ChannelHandlerContext?
    /// The call that it is opened for, until both sides know one another.
    private var first: PeerCall?
    private var call: PeerCall?
    /// Who is at the other end, as its certificate says.
    private(set) var peer: PeerCertificate?
    private var isRequestComplete = true
    private var isReusable = true
    /// Whether a call is being given what waited: it goes out with the head, in one flush.
    private var isBeginning = false
    private var trouble: (any Error)?

    init(link: PeerLink, first: PeerCall) {
        self.link = link
        self.first = first
    }

    // MARK: - The request

    /// Sends a call; the connection must be idle.
    func begin(_ call: PeerCall) {
        guard let context, context.channel.isActive else {
            call.fail(PeerLoss(mayHaveStarted: false, reason: "the connection is closed"))
            return
        }
        self.call = call
        isRequestComplete = false
        var head = HTTPRequestHead(
            version: .http1_1,
            method: HTTPMethod(rawValue: call.request.method),
            uri: call.request.target
        )
        for field in call.request.headers { head.headers.add(name: field.name, value: field.value) }
        if let length = call.knownLength {
            if length > 0 || head.method == .POST || head.method == .PUT || head.method == .PATCH {
                head.headers.add(name: "content-length", value: "\(length)")
            }
        } else {
            head.headers.add(name: "transfer-encoding", value: "chunked")
        }
        isBeginning = true
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        call.begin(on: self)
        isBeginning = false
        context.flush()
    }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func write(_ bytes: ByteBuffer) { send(.body(.byteBuffer(bytes))) }

    func finishBody() {
        isRequestComplete = true
        send(.end(nil))
    }

    private func send(_ part: HTTPClientRequestPart) {
        guard let context else { return }
        context.write(wrapOutboundOut(part), promise: nil)
        if !isBeginning { context.flush() }
    }

    func holdReading() { try? context?.channel.syncOptions?.setOption(.autoRead, value: false) }
    func readOn() { try? context?.channel.syncOptions?.setOption(.autoRead, value: true) }

    /// The call's maker left; what the peer still sends is of no use.
    func abandon() {
        call = nil
        close()
    }

    /// Gives up where the two sides do not know one another by now.
    func closeUnlessReady() {
        if first != nil { close() }
    }

    func close() {
        isReusable = false
        context?.close(promise: nil)
    }

    // MARK: - Events

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event, let first {
            self.first = nil
            let handler = try? context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
            peer = handler?.peerCertificate.flatMap { try? PeerCertificate(der: $0.toDERBytes()) }
            if first.isEnded { link?.becameIdle(self) } else { begin(first) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let call else {
            // Nobody asked: such a peer is not to be trusted with a further call on this connection.
            close()
            return
        }
        switch unwrapInboundIn(data) {
        case .head(let head) where head.status.code < 200:
            if head.status.code == Self.started { call.receiveStart() }
        case .head(let head):
            if !head.isKeepAlive { isReusable = false }
            call.receiveHead(
                Int(head.status.code),
                head.headers.map { HeaderField($0.name.lowercased(), $0.value) }
            )
        case .body(let bytes):
            call.receiveBody(bytes)
        case .end(let trailers):
            self.call = nil
            readOn()
            // An answer to half a request: what is left of the request would be read as the next one.
            if isRequestComplete, isReusable { link?.becameIdle(self) } else { close() }
            call.complete((trailers ?? [:]).map { HeaderField($0.name.lowercased(), $0.value) })
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { call?.connectionTakesMore() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if trouble == nil { trouble = error }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        link?.closed(self)
        let call = call
        self.call = nil
        if let first {
            self.first = nil
            let reason = trouble.map { "no secure connection: \($0)" } ?? "the peer closed the connection"
            first.fail(PeerLoss(mayHaveStarted: false, reason: reason))
        }
        // A reset may have overtaken what the peer said before; an end in order has not, even one without the farewell of
        // TLS, which a killed process cannot send.
        let isOrderly = trouble.map { $0 as? NIOSSLError == .uncleanShutdown } ?? true
        call?.fail(
            PeerLoss(
                mayHaveStarted: (call?.hasStarted ?? true) || !isOrderly,
                reason: trouble.map { "the connection broke: \($0)" } ?? "the peer closed the connection"
            )
        )
        context.fireChannelInactive()
    }
}
