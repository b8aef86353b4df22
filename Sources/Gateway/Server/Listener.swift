import Domain
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// What the two interfaces of a node are made from: connections that answer calls, and a router behind them.
struct Listener {
    let management: Management
    let host: String
    let port: Int
    /// Who is let in.
    let door: CallDoor
    /// Without it, it speaks plain HTTP.
    let tls: TLSConfiguration?
    let loops: ConnectionLoops
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
        let (management, door, loops, tls, onListening) = (management, door, loops, tls, onListening)
        let seats = Seats(
            limit: management.limits.connections,
            nearLimit: management.limits.nearConnections
        ) { near, far in
            if case .clients = door { management.telemetry.setConnections(near: near, far: far) }
        }
        // What the first listener makes connections with, for the others.
        let child = Mutex<(any ServerChildChannel)?>(nil)
        let server = HTTPServerBuilder { responder in
            let plain = GatewayChannel(
                responder: responder,
                loops: loops,
                seats: seats,
                door: door,
                limits: management.limits
            )
            let made: any ServerChildChannel = try tls.map { try TLSChannel(plain, tlsConfiguration: $0) } ?? plain
            child.withLock { $0 = made }
            return made
        }
        let further = FurtherListeners(loops: loops, seats: seats, logger: logger)
        let (others, run) = AsyncStream.makeStream(of: (@Sendable () async -> Void).self)
        let application = Application(
            responder: responder,
            server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                serverName: nil,
                backlog: FurtherListeners.backlog,
                reuseAddress: true,
                availableConnectionsDelegate: SeatsDelegate(seats: seats, loop: loops.calls)
            ),
            onServerRunning: { channel in
                seats.add(listener: channel)
                // Nodes must hear that a call they pass on will be begun before it is: theirs are on the calls' loop.
                if case .clients = door, let child = child.withLock({ $0 }) {
                    for serve in await further.listen(beside: channel, child) { run.yield(serve) }
                }
                run.finish()
                await onListening(channel.localAddress?.port ?? 0)
            },
            eventLoopGroupProvider: .shared(loops.calls),
            logger: logger
        )
        try await withThrowingTaskGroup { group in
            group.addTask {
                defer { run.finish() }
                try await application.run()
            }
            for await serve in others { group.addTask { await serve() } }
            try await group.waitForAll()
        }
    }
}
