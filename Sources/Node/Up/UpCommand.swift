import ArgumentParser
import Bundles
import Commands
import Continuum
import Domain
import Gateway
import Logging
import Scheduler
import Telemetry

/// `godwit up`.
struct UpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run a node.",
        discussion: """
            A node takes calls over HTTP and runs them in sandboxed processes. It listens on loopback and writes a token \
            for its user to client.json in its data folder, where the other commands find it.

            Started as root, it keeps root only in its spawner and runs as --user (godwit, else nobody). Started as an \
            ordinary user, it builds its sandboxes from user namespaces. `godwit doctor` shows what this machine offers.

            With --peer-listen it founds a continuum that others join (`godwit invite`, `godwit join`); a node that has \
            joined speaks to the others by mutual TLS, and each call runs where latency and energy say.

            Everything here and more can stand in a file given with --config; what the command line says wins.
            SIGTERM and Ctrl-C let calls in flight end, for at most --drain.
            """
    )

    @Option(help: ArgumentHelp("Configuration file (YAML).", valueName: "file")) var config: String?
    @Option(help: ArgumentHelp("Folder for everything the node keeps.", valueName: "folder")) var data: String?
    @Option(help: ArgumentHelp("Address to listen on; port 0 picks a free one.", valueName: "host:port")) var listen:
        String?
    @Option(help: "Name of the node; by default the host's.") var name: String?
    @Option(help: "Tier it belongs to, for example edge or cloud.") var tier: String?
    @Option(help: "Site it stands at.") var site: String?
    @Option(help: "User to run as when started as root.") var user: String?
    @Flag(help: "Speak TLS with a certificate that the node makes for itself.") var tls = false
    @Option(help: ArgumentHelp("Certificate chain (PEM) to speak TLS with.", valueName: "file")) var tlsCertificate:
        String?
    @Option(help: ArgumentHelp("Private key (PEM) of the certificate.", valueName: "file")) var tlsKey: String?
    @Flag(help: "Accept plain HTTP on an address that other machines can reach.") var insecure = false
    @Option(help: "Which calls need a token: default (not those through loopback) or all.") var auth: String?
    @Option(help: "Form of log lines: text or json.") var logFormat: NodeConfiguration.LogFormat?
    @Option(help: "Least level that is logged: trace, debug, info, notice, warning, error.") var logLevel: String?
    @Option(help: ArgumentHelp("Memory that all instances may have together.", valueName: "size")) var memory: String?
    @Option(help: ArgumentHelp("How long calls in flight may go on after SIGTERM.", valueName: "time")) var drain:
        String?
    @Option(
        help: ArgumentHelp("Network that callbacks may go to although it is not public; repeatable.", valueName: "cidr")
    )
    var callbackNetwork: [String] = []
    @Option(
        help: ArgumentHelp(
            "Address of the interface for other nodes; a node that has not joined founds a continuum with it.",
            valueName: "host:port"
        )
    )
    var peerListen: String?
    @Option(help: ArgumentHelp("Where other nodes reach it, if that is elsewhere.", valueName: "url")) var advertise:
        String?
    @Option(
        name: .customLong("peer"),
        help: ArgumentHelp("A node to get to know the others from; repeatable.", valueName: "url")
    )
    var peers: [String] = []
    @Option(help: "What the node does: gateway, executor or both; repeatable.") var roles: [String] = []
    @Option(help: "Policy that places calls: adaptive, shortest-delay, edge-first, local-only and others.") var policy:
        String?
    @Option(help: "Policy that only watches; how often it would choose otherwise is counted.") var shadow: String?
    @Flag(help: "Run even where this machine cannot isolate functions.") var allowDegradedSandbox = false
    @Option(help: .hidden) var spawner: String?
    /// Of the node that `godwit deploy --learn` starts.
    @Option(help: .hidden) var learn: String?

    /// Does what must be done before the process has a second thread.
    func prepare() throws -> NodeGroundwork {
        Machine.prepareProcess()
        do {
            return try NodeGroundwork(resolved())
        } catch let error as Invalid {
            throw ValidationError(error.description)
        } catch {
            throw StartFailure(description: "the node cannot start: \(error)")
        }
    }

    /// Runs the node on its groundwork until a signal ends it.
    static func run(_ groundwork: NodeGroundwork) async throws {
        let configuration = groundwork.configuration
        let log = LogSetup(format: configuration.logFormat, level: configuration.logLevel)
        do {
            try await NodeRunner(groundwork, logger: log.logger).run()
        } catch {
            log.logger.critical("the node stopped", metadata: ["error": "\(error)"])
            log.finish()
            throw ExitCode.failure
        }
        log.finish()
    }

    private func resolved() throws -> NodeConfiguration {
        let folder = Self.dataFolder(data)
        var result = NodeConfiguration(data: folder, name: try Self.defaultName(), tier: try Tier("edge"))
        if let config {
            guard let bytes = Machine.read(config, followingLinks: true) else {
                throw Invalid("config", "'\(config)' cannot be read")
            }
            result = try YAMLFile(name: config).read(bytes) { (document) throws(Invalid) in
                var changed = result
                try changed.apply(document)
                return changed
            }
        }
        if let data { result.data = data }
        if let listen { try result.setListen(listen) }
        if let name { result.name = try NodeName(name) }
        if let tier { result.tier = try Tier(tier) }
        if let site { result.site = try Site(site) }
        if let user { result.user = user }
        if tls { result.generatesCertificate = true }
        if let tlsCertificate { result.certificateFile = tlsCertificate }
        if let tlsKey { result.keyFile = tlsKey }
        if insecure { result.isInsecure = true }
        if let auth { try result.setAuth(auth, field: "auth") }
        if let logFormat { result.logFormat = logFormat }
        if let logLevel { try result.setLogLevel(logLevel, field: "log-level") }
        if let memory { result.memory = try ByteSize(memory) }
        if let drain { result.drainTime = try TimeSpan(drain) }
        result.async.callbackNetworks += try callbackNetwork.map(AddressRange.init)
        if let peerListen { try result.setPeerListen(peerListen) }
        if let advertise { result.advertised = try PeerAddress(advertise) }
        result.peers += try peers.map(PeerAddress.init)
        if !roles.isEmpty { result.roles = try roles.map(NodeConfiguration.role).uniqued }
        if let policy { result.placement.policy = try NodeConfiguration.policy(policy) }
        if let shadow { result.placement.shadow = try NodeConfiguration.policy(shadow) }
        if allowDegradedSandbox { result.allowsDegradedSandbox = true }
        if let spawner { result.spawner = spawner }
        if let learn { result.learnFile = Machine.absolute(learn) }
        result.data = Machine.absolute(result.data)
        try takeName(&result)
        return try result.validated()
    }

    /// A node that belongs to a continuum is who its certificate says, unless something else was said.
    private func takeName(_ result: inout NodeConfiguration) throws {
        let folder = ContinuumFolder(path: NodeFolder(path: result.data).continuum)
        guard let identity = try folder.identity(at: Machine.now) else { return }
        let usual = try Self.defaultName()
        if name == nil, result.name == usual { result.name = identity.name }
        if tier == nil { result.tier = identity.tier }
        if site == nil { result.site = identity.site }
    }

    /// The folder of the node's data, named or the usual one.
    static func dataFolder(_ option: String?) -> String {
        DataFolder.path(option: option, environment: environment, isRoot: Machine.isRoot)
    }

    /// The variables that decide where the data folder is.
    private static var environment: [String: String] {
        var variables: [String: String] = [:]
        for name in [DataFolder.variable, "XDG_DATA_HOME", "HOME"] { variables[name] = Machine.variable(name) }
        return variables
    }

    /// The host's name, made into a label.
    static func defaultName() throws -> NodeName {
        let letters = Machine.hostName.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let trimmed = String(letters).split(separator: "-").joined(separator: "-").prefix(63)
        return try NodeName((try? NodeName(String(trimmed)))?.text ?? "node")
    }
}

extension NodeConfiguration.LogFormat: ExpressibleByArgument {}
