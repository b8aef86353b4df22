import Executor
package import Domain
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
package import NIOCore
import ServiceLifecycle
import Synchronization

/// The node's listener: calls and the management API on one port.
package struct GatewayServer: Service, CustomStringConvertible {
    private let management: Management
    private let host: String
    private let port: Int
    private let identity: ListenerIdentity?
    private let eventLoopGroup: any EventLoopGroup
    private let drainTime: TimeSpan
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// - Parameters:
    ///   - port: 0 for any free one; `onListening` is told which.
    ///   - identity: nil for plain HTTP.
    ///   - drainTime: how long calls in flight may go on once shutdown has begun.
    package init(
        management: Management,
        host: String,
        port: Int,
        identity: ListenerIdentity?,
        eventLoopGroup: any EventLoopGroup,
        drainTime: TimeSpan,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void
    ) {
        self.management = management
        self.host = host
        self.port = port
        self.identity = identity
        self.eventLoopGroup = eventLoopGroup
        self.drainTime = drainTime
        self.logger = logger
        self.onListening = onListening
    }

    package var description: String { "listener on \(host):\(port)" }

    package func run() async throws {
        let management = management
        let onListening = onListening
        let application = Application(
            router: router(),
            server: try builder(),
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
        try await drainingInTime { try await application.run() }
    }

    /// Runs the listener; from the moment that shutdown begins, calls in flight have `drainTime` to end, and the
    /// listener as long to close.
    private func drainingInTime(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let management = management
        let drainTime = drainTime
        let (shutdown, begin) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await body()
                return true
            }
            group.addTask {
                for await _ in shutdown { break }
                guard !Task.isCancelled else { return false }
                management.telemetry.beginDraining()
                management.records.logs.close()
                try? await Task.sleep(for: drainTime.duration)
                guard !Task.isCancelled else { return false }
                management.bridge.execute { $0.executor.shutDown() }
                try? await Task.sleep(for: .seconds(2))
                return false
            }
            try await withGracefulShutdownHandler {
                _ = try await group.next()
            } onGracefulShutdown: {
                begin.finish()
            }
            group.cancelAll()
        }
    }

    private func builder() throws -> HTTPServerBuilder {
        let management = management
        let plain = HTTPServerBuilder { responder in
            GatewayChannel(
                responder: responder,
                bridge: management.bridge,
                front: management.front,
                limits: management.limits
            )
        }
        guard let identity else { return plain }
        return try .tls(plain, tlsConfiguration: identity.serverConfiguration())
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.add(middleware: RouteMetrics(telemetry: management.telemetry, logger: logger))
        NodeRoutes(management: management).add(to: router)
        FunctionRoutes(management: management).add(to: router)
        LogRoutes(management: management).add(to: router)
        ExecutionRoutes(management: management).add(to: router)
        SecretRoutes(management: management).add(to: router)
        TokenRoutes(management: management).add(to: router)
        AsyncRoutes(management: management).add(to: router)
        return router
    }
}
