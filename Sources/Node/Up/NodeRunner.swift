import ArgumentParser
import Bundles
import Commands
import Continuum
import Domain
import Executor
import Fabric
import Gateway
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Telemetry
import UnixSignals

/// Runs a node on its groundwork, and takes it down again.
struct NodeRunner {
    let configuration: NodeConfiguration
    let folder: NodeFolder
    let logger: Logger
    private let spawner: SpawnerClient
    private let egress: EgressKeeper?
    /// What the spawner reports of the sandbox.
    let layers: [SandboxLayer]
    let meter: PowercapMeter?
    let started: Timestamp
    let clock = GatewayClock { Machine.now }
    private let learned: LearnedCalls?

    init(_ groundwork: NodeGroundwork, logger: Logger) {
        self.configuration = groundwork.configuration
        self.folder = groundwork.folder
        self.spawner = groundwork.spawner
        self.egress = groundwork.egress
        if let failure = groundwork.egressFailure {
            logger.error("functions cannot call other hosts: no egress broker", metadata: ["error": "\(failure)"])
        }
        self.layers = SandboxReport.layers(groundwork.spawner.report, logger: logger)
        self.meter = groundwork.meter
        self.started = groundwork.started
        self.learned = groundwork.configuration.learnFile.map(LearnedCalls.init)
        self.logger = logger
    }

    /// Runs until a signal ends it; throws when the node cannot start, or loses what it cannot run without.
    func run() async throws {
        let store = try openStore()
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: configuration.loops)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await serve(store: store, loops: loops))
        } catch {
            outcome = .failure(error)
        }
        // The last instances tell of their ends on the loops, so the loops go last.
        await store.close()
        spawner.stop()
        egress?.stop()
        try await loops.shutdownGracefully()
        try outcome.get()
        try learned?.write()
        logger.info("stopped")
    }

    private func openStore() throws -> EmbeddedStore {
        let limits = configuration.journalBytes.map { JournalLimits(maximumBytes: $0) } ?? JournalLimits()
        return try EmbeddedStore(folder: folder.store, journal: limits)
    }

    private func identity() throws -> ListenerIdentity? {
        guard configuration.usesTLS else { return nil }
        let certificateFile = configuration.certificateFile ?? folder.certificate
        let keyFile = configuration.keyFile ?? folder.key
        if let certificate = Machine.read(certificateFile, followingLinks: true),
            let key = Machine.read(keyFile, followingLinks: true)
        {
            return ListenerIdentity(
                certificate: String(decoding: certificate, as: UTF8.self),
                key: String(decoding: key, as: UTF8.self)
            )
        }
        guard configuration.certificateFile == nil else {
            throw Invalid("tls", "'\(certificateFile)' or '\(keyFile)' cannot be read by the user the node runs as")
        }
        let hosts = ["localhost", "127.0.0.1", "::1", Machine.hostName, configuration.host]
        let made = try ListenerIdentity.make(hosts: hosts.uniqued, name: configuration.name.text)
        guard Machine.write(Array(made.key.utf8), to: folder.key, mode: 0o600),
            Machine.write(Array(made.certificate.utf8), to: folder.certificate, mode: 0o644)
        else { throw Invalid("data", "the certificate cannot be written to '\(folder.path)'") }
        return made
    }

    // MARK: - Running

    private func serve(store: EmbeddedStore, loops: MultiThreadedEventLoopGroup) async throws {
        try SandboxReport.check(layers, requires: configuration.requiredLayers)
        let node = description
        let telemetry = makeTelemetry(cores: node.cores)
        let memory = configuration.memory ?? ByteSize(bytes: node.memory.bytes / 5 * 4)
        let records = RecordKeeper(store: store.records, logger: logger) { telemetry.recordsDropped($0) }
        let catalogue = Catalogue(registry: store.registry)
        let secrets = SecretVault(store: store.secrets)
        let authenticator = Authenticator(store: store.tokens, now: clock.now)
        let bundles = BundleIndex(
            Set(Machine.names(in: folder.bundles).compactMap { name in try? Digest(name) })
        )
        try await catalogue.reload()
        try await secrets.load()
        try await authenticator.load()

        let quarantine = try await makeQuarantine(store.continuum)
        let (limits, clock) = (configuration.limits, clock)
        let makeIntake: @Sendable () -> Intake = {
            Intake(catalogue: catalogue, node: node, limits: limits, telemetry: telemetry, clock: clock)
        }
        let callLoop = loops.next()
        let bridge = try await makeBridge(
            callLoop,
            node: node,
            makeIntake: makeIntake,
            memory: memory,
            quarantine: quarantine,
            bundles: bundles,
            secrets: secrets,
            telemetry: telemetry,
            records: records
        )
        let connections = try await ConnectionLoops(
            bridge: bridge,
            others: loops.makeIterator().filter { $0 !== callLoop },
            makeIntake: makeIntake
        )
        let activation = Activation(node: node, catalogue: catalogue, bundles: bundles, bridge: bridge)
        catalogue.onChange { _ in activation.update() }
        bundles.onArrival { _ in activation.update() }

        let continuum = try await makeContinuum(
            node: node,
            store: store,
            catalogue: catalogue,
            authenticator: authenticator,
            secrets: secrets,
            bundles: bundles,
            bridge: bridge
        )
        let knobs = KnobDesk(store: store.continuum, bridge: bridge)
        try await knobs.load()

        let completions = CompletionHub()
        let callbacks = CallbackSender(
            journal: store.journal,
            settings: configuration.async,
            key: try callbackKey(),
            clock: clock,
            eventLoopGroup: loops,
            logger: logger
        )
        let dispatcher = AsyncDispatcher(
            journal: store.journal,
            bridge: bridge,
            catalogue: catalogue,
            completions: completions,
            settings: configuration.async,
            answerLimit: configuration.limits.asyncAnswer,
            clock: clock,
            telemetry: telemetry,
            logger: logger,
            onCallback: callbacks.notify
        )
        let management = Management(
            registry: store.registry,
            catalogue: catalogue,
            journal: store.journal,
            records: records,
            authenticator: authenticator,
            secrets: secrets,
            bridge: bridge,
            dispatcher: dispatcher,
            completions: completions,
            telemetry: telemetry,
            front: FrontDoor(
                authenticator: authenticator,
                requiresToken: configuration.requiresToken || !configuration.isLoopback,
                takesCalls: configuration.roles.contains(.gateway)
            ),
            node: node,
            limits: configuration.limits,
            clock: clock,
            facts: NodeFacts(
                software: Version.text,
                started: started,
                sandbox: layers
            ),
            control: continuum.control,
            admission: continuum.admission,
            knobs: knobs,
            quarantine: quarantine,
            store: store.continuum,
            bundles: bundles,
            shelf: continuum.shelf,
            bundleFolder: folder.bundles,
            uploadFolder: folder.uploads,
            instanceMemory: memory,
            logger: logger
        )
        let server = GatewayServer(
            management: management,
            host: configuration.host,
            port: configuration.port,
            identity: try identity(),
            loops: connections,
            drainTime: configuration.drainTime,
            logger: logger
        ) { port in
            await ready(port: port, authenticator: authenticator)
        }
        // Shut down in reverse: first nothing new comes in, then what was accepted is finished, then it is recorded.
        var services: [any Service] = [
            RestKeeper(logger: logger) { store.releaseMemory() }, telemetry, records, callbacks, dispatcher,
        ]
        services += continuum.services(management, loops: connections, logger: logger)
        services.append(server)
        var group = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        group.maximumGracefulShutdownDuration = configuration.drainTime.duration + .seconds(10)
        let serviceGroup = ServiceGroup(configuration: group)
        let isSpawnerLost = Mutex(false)
        spawner.onLoss {
            logger.critical("the spawner is gone: no function can be started, the node stops")
            isSpawnerLost.withLock { $0 = true }
            // The owner of this task is the service group, which ends with it.
            Task { await serviceGroup.triggerGracefulShutdown() }
        }
        try await serviceGroup.run()
        if isSpawnerLost.withLock({ $0 }) { throw SpawnerError.lost }
    }

    private func makeBridge(
        _ loop: any EventLoop,
        node: NodeDescription,
        makeIntake: @escaping @Sendable () -> Intake,
        memory: ByteSize,
        quarantine: Quarantine,
        bundles: BundleIndex,
        secrets: SecretVault,
        telemetry: GatewayTelemetry,
        records: RecordKeeper
    ) async throws -> CallBridge {
        let clock = clock
        let (spawner, keeper) = (spawner, egress)
        let executorLimits = ExecutorLimits(
            memory: memory,
            instances: configuration.instances,
            queue: configuration.queue,
            logRate: configuration.logRate,
            slowdown: configuration.slowdown,
            prewarms: configuration.prewarms,
            forks: configuration.forks,
            sharesProcessor: configuration.sharesProcessor,
            freezes: configuration.freezes
        )
        let settings = configuration.placement
        let isExecutor = configuration.roles.contains(.executor)
        let logger = logger
        let learned = learned
        return try await loop.submit {
            let egress = keeper.map { keeper in
                EgressClient(keeper: keeper, eventLoop: loop) { logger.warning("\($0)") }
            }
            let executor = LoopExecutor(
                eventLoop: loop,
                spawner: spawner,
                egress: egress,
                limits: executorLimits,
                observer: CallObserver(
                    telemetry: telemetry,
                    records: records,
                    quarantine: quarantine,
                    clock: clock
                ),
                secrets: secrets.value,
                now: clock.now
            )
            if let learned { executor.onLearned = { learned.add($0) } }
            let continuum = ContinuumDesk(
                node: node,
                settings: settings,
                isExecutor: isExecutor,
                bundles: bundles,
                quarantine: quarantine,
                eventLoop: loop,
                telemetry: telemetry,
                records: records,
                clock: clock,
                logger: logger
            ) { version in
                executor.load(utilisation: telemetry.utilisation, cores: node.cores, warm: version)
            }
            continuum.warmCounts = { executor.warmCounts }
            let service = CallService(
                executor: executor,
                intake: makeIntake(),
                bundles: bundles,
                continuum: continuum,
                quarantine: quarantine,
                telemetry: telemetry,
                records: records
            )
            return CallBridge(service, eventLoop: loop)
        }
        .get()
    }

    /// The key that callbacks are signed with, made at the first start.
    private func callbackKey() throws(Invalid) -> [UInt8] {
        if let text = Machine.read(folder.callbackKey).map({ String(decoding: $0, as: UTF8.self).trimmingSpaces }),
            let key = Hex.bytes(text), key.count >= 32
        {
            return key
        }
        var random = SystemRandomNumberGenerator()
        let key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        guard Machine.write(Array((Hex.text(key) + "\n").utf8), to: folder.callbackKey, mode: 0o600) else {
            throw Invalid("data", "'\(folder.callbackKey)' cannot be written")
        }
        return key
    }

    // MARK: - Once it listens

    /// Leaves what the command line needs to find the node, and says that it is there.
    private func ready(port: Int, authenticator: Authenticator) async {
        let isAny = configuration.host == "0.0.0.0" || configuration.host == "::"
        let host = isAny ? "127.0.0.1" : configuration.host
        let shown = host.contains(":") ? "[\(host)]" : host
        let url = "\(configuration.usesTLS ? "https" : "http")://\(shown):\(port)"
        do {
            let certificate = configuration.usesTLS ? configuration.certificateFile ?? folder.certificate : nil
            let token = try await operatorToken(authenticator)
            let access = ClientAccess(url: url, token: token, certificate: certificate)
            guard Machine.write(JSON.encode(access), to: folder.clientAccess, mode: 0o600) else {
                throw Invalid("data", "'\(folder.clientAccess)' cannot be written")
            }
        } catch {
            logger.error("other commands will not find this node", metadata: ["error": "\(error)"])
        }
        let milliseconds = Machine.now.since(started).microseconds / 1000
        logger.info("ready", metadata: ["url": "\(url)", "data": "\(folder.path)", "after_ms": "\(milliseconds)"])
    }

    /// The token of an earlier start where it is still good, else a new one.
    private func operatorToken(_ authenticator: Authenticator) async throws -> String {
        if let bytes = Machine.read(folder.clientAccess), let access = try? JSON.decode(ClientAccess.self, from: bytes),
            authenticator.isValid(access.token)
        {
            return access.token
        }
        let request = TokenRequest(scopes: Set(Scope.allCases), note: "operator token of this machine")
        return try await authenticator.issue(request).token
    }
}
