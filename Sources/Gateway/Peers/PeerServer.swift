import Domain
import Hummingbird
package import Logging
import ServiceLifecycle

/// The peer interface: calls that other nodes pass on, and what nodes tell one another, over mutual TLS.
package struct PeerServer: Service, CustomStringConvertible {
    private let management: Management
    private let peers: PeerSide
    private let loops: ConnectionLoops
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// `onListening` is told the port once it listens.
    package init(
        management: Management,
        peers: PeerSide,
        loops: ConnectionLoops,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void
    ) {
        self.management = management
        self.peers = peers
        self.loops = loops
        self.logger = logger
        self.onListening = onListening
    }

    package var description: String { "peer interface on \(peers.host):\(peers.port)" }

    package func run() async throws {
        let listener = Listener(
            management: management,
            host: peers.host,
            port: peers.port,
            door: .peers(peers.door),
            tls: peers.tls,
            loops: loops,
            logger: logger,
            onListening: onListening
        )
        let router = listener.makeRouter(answersHead: false)
        PeerRoutes(management: management, peers: peers).add(to: router)
        try await listener.run(router.buildResponder())
    }
}
