import NIOCore

/// Turns the bytes of an instance's socket into frames, and hands them over.
final class FrameHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var reader = FrameReader()
    private var isBroken = false
    private let instance: Instance

    init(instance: Instance) { self.instance = instance }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isBroken else { return }
        var bytes = unwrapInboundIn(data)
        reader.append(&bytes)
        do {
            while let frame = try reader.next() { try instance.receive(frame) }
        } catch {
            isBroken = true
            instance.violated(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { instance.socketEnded() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
