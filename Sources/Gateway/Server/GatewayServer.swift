import Executor
package import Domain
import Hummingbird
package import Logging
import ServiceLifecycle
import Synchronization

/// The node's listener: calls and the management API on one port.
package struct GatewayServer: Service, CustomStringConvertible {
    /// How long the end of instances is waited for.
    private static let endTime = Duration.seconds(2)

    private let management: Management
    private let host: String
    private let port: Int
    private let identity: ListenerIdentity?
    private let loops: ConnectionLoops
    private let drainTime: TimeSpan
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// Port 0 is any free one, and `onListening` is told which; without an `identity` it speaks plain HTTP; `drainTime` is
    /// how long calls in flight may go on once shutdown has begun.
    package init(
        management: Management,
        host: String,
        port: Int,
        identity: ListenerIdentity?,
        loops: ConnectionLoops,
        drainTime: TimeSpan,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void
    ) {
        self.management = management
        self.host = host
        self.port = port
        self.identity = identity
        self.loops = loops
        self.drainTime = drainTime
        self.logger = logger
        self.onListening = onListening
    }

    package var description: String { "listener on \(host):\(port)" }

    package func run() async throws {
        let listener = Listener(
            management: management,
            host: host,
            port: port,
            door: .clients(management.front),
            tls: try identity?.serverConfiguration(),
            loops: loops,
            logger: logger,
            onListening: onListening
        )
        let router = listener.makeRouter(answersHead: true)
        addRoutes(to: router)
        let responder = router.buildResponder()
        try await drainingInTime { try await listener.run(responder) }
    }

    /// Runs the listener; from the moment that shutdown begins, calls in flight, asynchronous ones too, have
    /// `drainTime` to end.
    ///
    /// What is not over then is broken off, and no instance is started any more.
    private func drainingInTime(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let management = management
        let (drainTime, others) = (drainTime, loops.others)
        let (shutdown, begin) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in shutdown {}
                management.telemetry.beginDraining()
                management.records.logs.close()
                let deadline = ContinuousClock.now + drainTime.duration
                await Self.wait(on: management.bridge, until: deadline) { $0.liveCount > 0 }
                // A call that came over another loop may still be on its way to the others.
                for loop in others + others { _ = try? await loop.submit {}.get() }
                await Self.wait(on: management.bridge, until: deadline) { $0.liveCount > 0 }
                management.bridge.execute { $0.executor.shutDown() }
                // What they were charged and what was learned of them comes with their ends.
                let end = ContinuousClock.now + Self.endTime
                await Self.wait(on: management.bridge, until: end) { $0.executor.hasInstances }
            }
            try await withGracefulShutdownHandler {
                // Without a shutdown the listener only ends by failing, which nothing needs to be drained for.
                defer { begin.finish() }
                try await group.next()
            } onGracefulShutdown: {
                begin.finish()
            }
            try await group.waitForAll()
        }
    }

    /// Waits as long as that is so, at most until `deadline`.
    private static func wait(
        on bridge: CallBridge,
        until deadline: ContinuousClock.Instant,
        while isSo: @escaping @Sendable (CallService) -> Bool
    ) async {
        while ContinuousClock.now < deadline, !Task.isCancelled {
            guard (try? await bridge.perform(isSo)) == true else { return }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    private func addRoutes(to router: Router<BasicRequestContext>) {
        NodeRoutes(management: management).add(to: router)
        FunctionRoutes(management: management).add(to: router)
        LogRoutes(management: management).add(to: router)
        ExecutionRoutes(management: management).add(to: router)
        SecretRoutes(management: management).add(to: router)
        TokenRoutes(management: management).add(to: router)
        AsyncRoutes(management: management).add(to: router)
        WeightRoutes(management: management).add(to: router)
        KnobRoutes(management: management).add(to: router)
        QuarantineRoutes(management: management).add(to: router)
        ContinuumRoutes(management: management).add(to: router)
    }
}
