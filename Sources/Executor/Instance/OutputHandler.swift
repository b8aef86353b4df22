import NIOCore

/// Reads what a process writes to its output pipe and hands it over line by line.
final class OutputHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var lines = LineSplitter()
    private let source: any OutputSource

    init(source: any OutputSource) { self.source = source }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        source.wrote(bytes.readableBytes)
        for line in lines.append(bytes) { source.output(line: line) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let line = lines.finish() { source.output(line: line) }
        source.outputEnded()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
