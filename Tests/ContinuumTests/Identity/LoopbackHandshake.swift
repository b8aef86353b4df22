import Continuum
import NIOCore
import NIOPosix
import NIOSSL

/// One TLS connection over loopback: the client sends a byte and the server sends one back.
enum LoopbackHandshake {
    /// What came of it at both ends.
    struct Outcome {
        /// The client's certificate as the server saw it, nil inside when it showed none; or why the server refused.
        let server: Result<[UInt8]?, any Error>
        /// The server's certificate as the client saw it; or why the client refused, or was refused.
        let client: Result<[UInt8]?, any Error>

        /// Whether the byte came back.
        var isConnected: Bool {
            if case (.success, .success) = (server, client) { true } else { false }
        }

        /// Who the server takes the client for; nil when it showed no certificate.
        var peer: PeerCertificate? {
            get throws { try server.get().map { try PeerCertificate(der: $0) } }
        }
    }

    /// Reports the peer's certificate with the first byte that arrives, or the first thing that goes wrong.
    private final class End: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let isServer: Bool
        private let promise: EventLoopPromise<[UInt8]?>

        init(isServer: Bool, promise: EventLoopPromise<[UInt8]?>) {
            self.isServer = isServer
            self.promise = promise
        }

        func channelActive(context: ChannelHandlerContext) {
            if !isServer { context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: [1])), promise: nil) }
            context.fireChannelActive()
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            promise.completeWith(
                Result { try context.pipeline.syncOperations.nioSSL_peerCertificate()?.toDERBytes() }
            )
            if isServer { context.writeAndFlush(wrapOutboundOut(unwrapInboundIn(data)), promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            promise.fail(error)
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            promise.fail(ChannelError.eof)
            context.fireChannelInactive()
        }
    }

    /// Connects the two, the client expecting `host`.
    static func outcome(
        server: TLSConfiguration,
        client: TLSConfiguration,
        host: String?
    ) async throws -> Outcome {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let serverContext = try NIOSSLContext(configuration: server)
        let clientContext = try NIOSSLContext(configuration: client)
        let atServer = loop.makePromise(of: [UInt8]?.self)
        let atClient = loop.makePromise(of: [UInt8]?.self)
        let listener = try await ServerBootstrap(group: loop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLServerHandler(context: serverContext), End(isServer: true, promise: atServer),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let connection = ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLClientHandler(context: clientContext, serverHostname: host),
                        End(isServer: false, promise: atClient),
                    ])
                }
            }
            .connect(host: "127.0.0.1", port: listener.localAddress?.port ?? 0)
        connection.cascadeFailure(to: atClient)
        connection.whenFailure { atServer.fail($0) }
        let outcome = Outcome(server: await result(of: atServer), client: await result(of: atClient))
        try? await connection.get().close()
        try await listener.close()
        return outcome
    }

    private static func result(of promise: EventLoopPromise<[UInt8]?>) async -> Result<[UInt8]?, any Error> {
        do { return .success(try await promise.futureResult.get()) } catch { return .failure(error) }
    }
}
