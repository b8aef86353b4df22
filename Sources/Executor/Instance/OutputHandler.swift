import NIOCore

/// Reads what an instance writes to its output pipe and hands it over line by line.
final class OutputHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var lines = LineSplitter()
    private let instance: Instance

    init(instance: Instance) { self.instance = instance }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        instance.wrote(bytes.readableBytes)
        for line in lines.append(bytes) { instance.output(line: line) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let line = lines.finish() { instance.output(line: line) }
        instance.outputEnded()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
