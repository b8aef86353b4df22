import NIOCore

/// Turns the bytes of the broker's socket into frames, and hands them over.
final class EgressHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var reader = FrameReader()
    private let client: EgressClient

    init(client: EgressClient) { self.client = client }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        reader.append(&bytes)
        do {
            while let frame = try reader.next() { try client.receive(frame) }
        } catch {
            // What the broker says has no meaning any more: it is ended with its socket.
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { client.ended() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
