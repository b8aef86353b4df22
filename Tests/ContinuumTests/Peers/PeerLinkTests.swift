import Continuum
import Domain
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Testing

@Suite("Connections to a peer", .timeLimit(.minutes(1)))
struct PeerLinkTests {
    /// Tells when a connection that came in is gone.
    private final class Doorman: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let gone: EventLoopPromise<Void>
        private let closesAtOnce: Bool

        init(gone: EventLoopPromise<Void>, closesAtOnce: Bool) {
            self.gone = gone
            self.closesAtOnce = closesAtOnce
        }

        func channelActive(context: ChannelHandlerContext) {
            if closesAtOnce { context.close(promise: nil) }
        }

        func channelInactive(context: ChannelHandlerContext) { gone.succeed() }
    }

    @Test("to one that says nothing, or hangs up, fail as not begun, and are not kept", arguments: [false, true])
    func silence(_ hangsUp: Bool) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let gone = loop.makePromise(of: Void.self)
        let server = try await ServerBootstrap(group: loop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Doorman(gone: gone, closesAtOnce: hangsUp))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        let port = try #require(server.localAddress?.port)
        let tls = try NIOSSLContext(configuration: NodeIdentity.probingConfiguration())
        let failure = try await loop.flatSubmit { () -> EventLoopFuture<PeerLoss?> in
            let link = PeerLink(
                name: nil,
                address: PeerAddress(host: "127.0.0.1", port: port),
                tls: tls,
                eventLoop: loop,
                handshakeTimeout: .milliseconds(50)
            )
            let bound = NIOLoopBound(link, eventLoop: loop)
            return PeerExchange.send(
                PeerRequest(method: "GET", target: "/", headers: []),
                over: link,
                within: .seconds(30),
                eventLoop: loop
            )
            .map { _ in nil }
            .flatMapErrorThrowing { $0 as? PeerLoss }
            .always { _ in _ = bound.value }
        }
        .get()
        #expect(failure?.mayHaveStarted == false, "\(failure?.reason ?? "it was answered")")
        try await gone.futureResult.get()
        try await server.close()
    }
}
