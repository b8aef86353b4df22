import Domain
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL

/// What the two interfaces of a node are made from: connections that answer calls, and a router behind them.
struct Listener {
    let management: Management
    let host: String
    let port: Int
    /// Who is let in.
    let door: CallDoor
    /// Without it, it speaks plain HTTP.
    let tls: TLSConfiguration?
    let eventLoopGroup: any EventLoopGroup
    let logger: Logger
    let onListening: @Sendable (_ port: Int) async -> Void

    /// A router that counts its requests and turns errors into problems; `answersHead` lets it answer HEAD where it answers GET.
    func makeRouter(answersHead: Bool) -> Router<BasicRequestContext> {
        let router = Router(options: answersHead ? .autoGenerateHeadEndpoints : [])
        router.add(middleware: RouteMetrics(telemetry: management.telemetry, logger: logger))
        return router
    }

    /// Listens until shutdown begins and the last connection is closed.
    func run(_ responder: RouterResponder<BasicRequestContext>) async throws {
        let (management, door, onListening) = (management, door, onListening)
        let plain = HTTPServerBuilder { responder in
            GatewayChannel(responder: responder, bridge: management.bridge, door: door, limits: management.limits)
        }
        let application = Application(
            responder: responder,
            server: try tls.map { try .tls(plain, tlsConfiguration: $0) } ?? plain,
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
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
