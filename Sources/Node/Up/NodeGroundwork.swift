import Bundles
import Continuum
import Domain
import Executor
import Telemetry

/// What a node does before it has a second thread: the order that its safety asks for.
///
/// The spawner is started first, while there are privileges it may keep; then those privileges go, for every thread
/// there will ever be; only then is anything opened that faces the network.
struct NodeGroundwork: Sendable {
    let configuration: NodeConfiguration
    let folder: NodeFolder
    let spawner: SpawnerClient
    /// Starts the egress broker; nil where it is switched off.
    let egress: EgressKeeper?
    /// Why there is no egress broker, where there should be one.
    let egressFailure: SpawnerError?
    /// Opened while there were the privileges that it takes on most machines; nil where there is none, or a command reads
    /// another.
    let meter: PowercapMeter?
    let started = Machine.now

    /// Must be called before Swift's concurrency starts: a main thread that has been parked by it is no longer reached
    /// when the process gives up root.
    init(_ configuration: NodeConfiguration) throws {
        self.configuration = configuration
        self.folder = NodeFolder(path: configuration.data)
        let owner = try Self.serviceUser(configuration)
        try folder.prepare(for: owner)
        try RuntimeFiles.install(in: folder.runtime)
        self.spawner = try Self.startSpawner(configuration, folder: folder)
        (self.egress, self.egressFailure) = Self.startEgress(configuration)
        self.meter = try Self.meter(configuration.energy)
        if let owner {
            try SpawnerClient.dropPrivileges(user: owner.user, group: owner.group)
            guard Machine.hasNoThreadOfRoot else {
                throw Invalid("user", "a thread of the node still belongs to root; the node does not start like this")
            }
        }
        spawner.listen()
        try folder.checkAccess()
        try BundleUnpacker.removeLeftovers(in: folder.bundles)
    }

    /// The user to run as when started as root; nil when there is nothing to change.
    private static func serviceUser(
        _ configuration: NodeConfiguration
    ) throws(Invalid) -> (user: UInt32, group: UInt32)? {
        guard Machine.isRoot else {
            guard configuration.user == nil else {
                throw Invalid("user", "only a node that is started as root can run as another user")
            }
            return nil
        }
        if let name = configuration.user {
            guard let user = Machine.user(name), user.user != 0 else {
                throw Invalid("user", "there is no user '\(name)' other than root")
            }
            return user
        }
        guard let user = Machine.user("godwit") ?? Machine.user("nobody") else {
            throw Invalid("user", "there is neither a user 'godwit' nor 'nobody' to run as; name one with --user")
        }
        return user
    }

    /// A tree that the configuration names must be there; the machine's own may be missing.
    private static func meter(_ settings: EnergySettings) throws -> PowercapMeter? {
        if settings.command != nil { return nil }
        guard let root = settings.powercapRoot else { return try? PowercapMeter() }
        return try PowercapMeter(root: root)
    }

    /// A node without a broker is still a node: functions that call others are told.
    private static func startEgress(_ configuration: NodeConfiguration) -> (EgressKeeper?, SpawnerError?) {
        guard configuration.hasEgress, configuration.roles.contains(.executor) else { return (nil, nil) }
        do {
            return (try EgressKeeper(configuration.egress), nil)
        } catch {
            return (nil, error)
        }
    }

    private static func startSpawner(
        _ configuration: NodeConfiguration,
        folder: NodeFolder
    ) throws -> SpawnerClient {
        var settings = SpawnerConfiguration(
            program: configuration.spawner,
            bundles: folder.bundles,
            runtime: folder.runtime,
            name: configuration.name.text
        )
        settings.slots = configuration.instances
        settings.learns = configuration.learnFile != nil
        settings.allowsDegraded = configuration.allowsDegradedSandbox
        return try SpawnerClient.start(settings)
    }
}
