import NIOCore

/// Reads what a process writes to its output pipe and hands it over line by line.
///
/// Confined to its event loop.
final class OutputHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// How long nothing is read after something that is not kept: 16 MiB a second, with 64 KiB read at once.
    ///
    /// So what writes more than it may waits for its pipe, instead of keeping node and processors busy.
    private static let rest = TimeAmount.milliseconds(4)

    private var lines = LineSplitter()
    private var isResting = false
    private let source: any OutputSource

    init(source: any OutputSource) { self.source = source }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        source.wrote(bytes.readableBytes)
        if source.keepsOutput(bytes.readableBytes) {
            for line in lines.append(bytes) { source.output(line: line) }
        } else {
            lines.skip(bytes)
            rest(context.channel)
        }
    }

    private func rest(_ channel: any Channel) {
        guard !isResting else { return }
        isResting = true
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        source.eventLoop.assumeIsolated().scheduleTask(in: Self.rest) { [self] in
            isResting = false
            try? channel.syncOptions?.setOption(.autoRead, value: true)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let line = lines.finish() { source.output(line: line) }
        source.outputEnded()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
