import NIOCore

/// Turns the bytes of an instance's socket into frames, and hands them over.
final class FrameHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var reader = FrameReader()
    /// What was read last; kept to reuse its memory.
    private var frames: [IncomingFrame] = []
    private var isBroken = false
    private let instance: Instance

    init(instance: Instance) { self.instance = instance }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isBroken else { return }
        var bytes = unwrapInboundIn(data)
        reader.append(&bytes)
        do throws(FrameViolation) {
            defer { frames.removeAll(keepingCapacity: true) }
            do throws(FrameViolation) {
                while let frame = try reader.next() { frames.append(frame) }
            } catch {
                // What came whole before it counts.
                try instance.receive(frames)
                throw error
            }
            try instance.receive(frames)
        } catch {
            isBroken = true
            instance.violated(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { instance.socketEnded() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
