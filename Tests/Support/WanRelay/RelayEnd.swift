import NIOCore
import NIOPosix

/// One end of a relayed connection: holds back what it receives, then gives it to the other end.
///
/// Reads no more while its line is full, which is so while the other side takes nothing.
final class RelayEnd: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How long what has arrived waits for a cut wire before it is tried again.
    private static let retryInterval = TimeAmount.milliseconds(20)

    private let wire: Wire
    private let direction: Wire.Direction
    /// Nothing is sent before: it takes a round trip until a connection is open.
    private let opened: NIODeadline
    private var line = Line()
    private var context: ChannelHandlerContext?
    private var other: RelayEnd?
    private var isWaiting = false
    private var wantsRead = false
    /// Writes to this end that are not over, and whether it is to be closed after them.
    private var writes = 0
    private var isClosing = false

    private init(_ wire: Wire, _ direction: Wire.Direction) {
        self.wire = wire
        self.direction = direction
        self.opened = .now() + (direction == .there ? wire.delay * 2 : .zero)
    }

    /// Connects to the target, and passes everything on between it and an accepted connection.
    static func join(_ near: any Channel, to target: Endpoint, over wire: Wire) -> EventLoopFuture<Void> {
        let loop = near.eventLoop
        guard !wire.isCut else {
            let bound = NIOLoopBound(wire, eventLoop: loop)
            return loop.scheduleTask(in: retryInterval) {}.futureResult
                .flatMap { join(near, to: target, over: bound.value) }
        }
        let ends = (near: RelayEnd(wire, .there), far: RelayEnd(wire, .back))
        (ends.near.other, ends.far.other) = (ends.far, ends.near)
        let bound = NIOLoopBound(ends, eventLoop: loop)
        return ClientBootstrap(group: loop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { far in
                far.eventLoop.makeCompletedFuture { try far.pipeline.syncOperations.addHandler(bound.value.far) }
            }
            .connect(host: target.host, port: target.port)
            .flatMapThrowing { _ in try near.pipeline.syncOperations.addHandler(bound.value.near) }
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    // MARK: - What comes in

    func read(context: ChannelHandlerContext) {
        if line.hasRoom { context.read() } else { wantsRead = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { send(.bytes(unwrapInboundIn(data))) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { send(.end) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) { send(.close) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func send(_ item: Line.Item) {
        var size = 0
        if case .bytes(let buffer) = item { size = buffer.readableBytes }
        line.send(item, due: wire.arrival(of: size, sent: max(.now(), opened), direction))
        wait()
    }

    // MARK: - What goes out

    /// Sees to it that the first on the line is delivered when it is due.
    private func wait() {
        guard !isWaiting, let due = line.nextDue, let loop = (context ?? other?.context)?.eventLoop else { return }
        isWaiting = true
        let deadline = wire.isCut ? max(due, .now() + Self.retryInterval) : due
        loop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.isWaiting = false
            self.deliver()
            self.wait()
        }
    }

    private func deliver() {
        guard !wire.isCut else { return }
        while let item = line.arrived(by: .now()) {
            switch item {
            case .bytes(let buffer): other?.write(buffer)
            case .end: other?.context?.close(mode: .output, promise: nil)
            case .close:
                other?.close()
                other = nil
            }
        }
        other?.context?.flush()
    }

    /// Writes what the other end received.
    private func write(_ buffer: ByteBuffer) {
        guard let context else {
            other?.taken(buffer.readableBytes)
            return
        }
        writes += 1
        let (count, source) = (buffer.readableBytes, other)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in
            writes -= 1
            source?.taken(count)
            if writes == 0, isClosing { self.context?.close(promise: nil) }
        }
        context.write(wrapOutboundOut(buffer), promise: promise)
    }

    private func taken(_ count: Int) {
        line.taken(count)
        guard wantsRead, line.hasRoom else { return }
        wantsRead = false
        context?.read()
    }

    private func close() {
        isClosing = true
        if writes == 0 { context?.close(promise: nil) } else { context?.flush() }
    }
}
