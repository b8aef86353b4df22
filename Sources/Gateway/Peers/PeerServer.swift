import Domain
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
package import NIOCore
import ServiceLifecycle

/// The peer interface: calls that other nodes pass on, and what nodes tell one another, over mutual TLS.
package struct PeerServer: Service, CustomStringConvertible {
    private let management: Management
    private let peers: PeerSide
    private let eventLoopGroup: any EventLoopGroup
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// `onListening` is told the port once it listens.
    package init(
        management: Management,
        peers: PeerSide,
        eventLoopGroup: any EventLoopGroup,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void
    ) {
        self.management = management
        self.peers = peers
        self.eventLoopGroup = eventLoopGroup
        self.logger = logger
        self.onListening = onListening
    }

    package var description: String { "peer interface on \(peers.host):\(peers.port)" }

    package func run() async throws {
        let (management, peers, onListening) = (management, peers, onListening)
        let router = Router(options: [])
        router.add(middleware: RouteMetrics(telemetry: management.telemetry, logger: logger))
        PeerRoutes(management: management, peers: peers).add(to: router)
        let plain = HTTPServerBuilder { responder in
            GatewayChannel(
                responder: responder,
                bridge: management.bridge,
                door: .peers(peers.door),
                limits: management.limits
            )
        }
        let application = Application(
            router: router,
            server: try .tls(plain, tlsConfiguration: peers.tls),
            configuration: ApplicationConfiguration(
                address: .hostname(peers.host, port: peers.port),
                serverName: nil,
                backlog: 1024,
                reuseAddress: true,
                availableConnectionsDelegate: MaximumAvailableConnections(management.limits.connections)
            ),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            eventLoopGroupProvider: .shared(eventLoopGroup),
            logger: logger
        )
        try await application.run()
    }
}
