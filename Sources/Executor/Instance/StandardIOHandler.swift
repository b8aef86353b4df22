import NIOCore

/// Speaks with an instance over its standard input and output: for programs that know no frames.
///
/// What it writes is held back until it ends or has written a good deal, so that a program that fails early is
/// reported as a failure rather than as half an answer.
final class StandardIOHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// Bytes held back at most.
    static let holdBack = 65_536
    private let instance: Instance
    private let call: Call
    private var held = ByteBuffer()
    private var isCommitted = false

    init(instance: Instance, call: Call) {
        self.instance = instance
        self.call = call
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if isCommitted {
            instance.receiveOutput(bytes, of: call)
        } else {
            held.writeBuffer(&bytes)
            if held.readableBytes > Self.holdBack { commit(isComplete: false) }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The program has closed its standard output; its exit status decides what follows.
        if let event = event as? ChannelEvent, event == .inputClosed {
            instance.standardOutputEnded()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) { instance.standardOutputEnded() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The program may end without reading its input: the broken pipe is no failure of the call.
        if !(error is IOError) { context.close(promise: nil) }
    }

    /// Passes on what is held back, as the beginning of a successful answer.
    func commit(isComplete: Bool) {
        guard !isCommitted else { return }
        isCommitted = true
        instance.beginAnswer(of: call, isComplete: isComplete)
        if held.readableBytes > 0 { instance.receiveOutput(held, of: call) }
        held = ByteBuffer()
    }
}
