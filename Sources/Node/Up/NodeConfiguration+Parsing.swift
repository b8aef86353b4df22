import Continuum
import Domain
import Executor
import Gateway
import Logging
import Scheduler
import Telemetry

extension NodeConfiguration {
    private static let fields = [
        "data", "listen", "name", "tier", "site", "user", "tls", "insecure", "auth", "log", "limits", "async",
        "sandbox", "egress", "energy", "drain", "node", "continuum", "placement", "emulate",
    ]

    /// Takes what a configuration file says; what it does not say stays as it is.
    mutating func apply(_ document: DocumentValue) throws(Invalid) {
        let top = try DocumentMap(document, at: "", known: Self.fields)
        if let folder = try top.text("data") { data = folder }
        if let listen = try top.text("listen") { try setListen(listen) }
        if let value = try top.parsed("name", NodeName.init) { name = value }
        if let value = try top.parsed("tier", Tier.init) { tier = value }
        if let value = try top.parsed("site", Site.init) { site = value }
        if let value = try top.text("user") { user = value }
        if let value = try top.flag("insecure") { isInsecure = value }
        if let value = try top.parsed("drain", TimeSpan.init) { drainTime = value }
        if let value = try top.text("auth") { try setAuth(value, field: "auth") }
        try applyTLS(top)
        try applyLog(top)
        try applyLimits(top)
        try applyAsync(top)
        if let value = top.value("sandbox") {
            let map = try DocumentMap(
                value,
                at: "sandbox",
                known: ["allowDegraded", "instances", "require", "quarantine"]
            )
            allowsDegradedSandbox = try map.flag("allowDegraded") ?? allowsDegradedSandbox
            instances = try map.integer("instances", in: 1...4096) ?? instances
            requiredLayers = try map.list("require", SandboxLayer.checked(key:))
            if let value = map.value("quarantine") {
                let map = try DocumentMap(value, at: "sandbox.quarantine", known: ["violations", "within"])
                quarantine.violations = try map.integer("violations", in: 0...1_000_000) ?? quarantine.violations
                if let span = try map.parsed("within", TimeSpan.init) { quarantine.within = span }
            }
        }
        try applyEgress(top)
        if let value = top.value("node") { profile = try NodeProfile(parsing: value) }
        if let value = top.value("energy") {
            energy = try EnergySettings(parsing: value, cores: profile.cores ?? Machine.cores)
        }
        try applyContinuum(top)
        try applyPlacement(top)
        if let value = top.value("emulate") {
            let map = try DocumentMap(value, at: "emulate", known: ["slowdown"])
            slowdown = try map.number("slowdown", in: 1...1000) ?? slowdown
        }
    }

    private mutating func applyEgress(_ top: DocumentMap) throws(Invalid) {
        guard let value = top.value("egress") else { return }
        let known = ["enabled", "networks", "authorities", "hosts", "responseBody"]
        let map = try DocumentMap(value, at: "egress", known: known)
        hasEgress = try map.flag("enabled") ?? hasEgress
        egress.opened += try map.list("networks", IPNetwork.init)
        if let file = try map.text("authorities") { egress.authorities = file }
        if let file = try map.text("hosts") { egress.hosts = file }
        if let size = try map.parsed("responseBody", ByteSize.init) { egress.responseBody = size }
        for (field, file) in [("authorities", egress.authorities), ("hosts", egress.hosts)] {
            guard let file, Machine.read(file, followingLinks: true) == nil else { continue }
            throw Invalid("egress.\(field)", "'\(Printable.text(file))' cannot be read")
        }
    }

    private mutating func applyContinuum(_ top: DocumentMap) throws(Invalid) {
        guard let value = top.value("continuum") else { return }
        let map = try DocumentMap(value, at: "continuum", known: ["listen", "advertise", "peers", "roles"])
        if let listen = try map.text("listen") { try setPeerListen(listen) }
        if let address = try map.parsed("advertise", PeerAddress.init) { advertised = address }
        peers += try map.list("peers", PeerAddress.init)
        let named = try map.list("roles", Self.role)
        if !named.isEmpty { roles = named.uniqued }
    }

    private mutating func applyPlacement(_ top: DocumentMap) throws(Invalid) {
        guard let value = top.value("placement") else { return }
        let map = try DocumentMap(value, at: "placement", known: ["policy", "shadow"])
        if let policy = try map.parsed("policy", Self.policy) { placement.policy = policy }
        if let policy = try map.parsed("shadow", Self.policy) { placement.shadow = policy }
    }

    /// A placement policy by its name.
    static func policy(_ raw: String) throws(Invalid) -> PolicyKind {
        guard let policy = PolicyKind(rawValue: raw) else {
            let hint = NearestName.hint(for: raw, among: PolicyKind.allCases.map(\.rawValue))
            throw Invalid("policy", "'\(Printable.text(raw))' is not known; \(hint)")
        }
        return policy
    }

    /// What a node does, by its name.
    static func role(_ raw: String) throws(Invalid) -> NodeRole {
        guard let role = NodeRole(rawValue: raw) else {
            let hint = NearestName.hint(for: raw, among: NodeRole.allCases.map(\.rawValue))
            throw Invalid("roles", "'\(Printable.text(raw))' is not known; \(hint)")
        }
        return role
    }

    /// Takes where the peer interface listens, in the form of `listen`.
    mutating func setPeerListen(_ raw: String) throws(Invalid) {
        peerListen = try Self.endpoint(raw, field: "peer-listen", defaultHost: "127.0.0.1")
    }

    /// Takes `HOST:PORT`, `[HOST]:PORT`, or a port.
    mutating func setListen(_ raw: String) throws(Invalid) {
        (host, port) = try Self.endpoint(raw, field: "listen", defaultHost: host)
    }

    private static func endpoint(
        _ raw: String,
        field: String,
        defaultHost: String
    ) throws(Invalid) -> (host: String, port: Int) {
        let wrong = Invalid(field, "'\(Printable.text(raw))' is not like 127.0.0.1:8080 or [::]:8080")
        guard let colon = raw.lastIndex(of: ":") else {
            guard let number = Int(raw), (0...65535).contains(number) else { throw wrong }
            return (defaultHost, number)
        }
        guard let number = Int(raw[raw.index(after: colon)...]), (0...65535).contains(number) else { throw wrong }
        var name = String(raw[..<colon])
        if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        guard !name.isEmpty else { throw wrong }
        return (name, number)
    }

    /// Takes `default` (calls through loopback need no token) or `all` (every call does).
    mutating func setAuth(_ raw: String, field: String) throws(Invalid) {
        switch raw {
        case "default": requiresToken = false
        case "all": requiresToken = true
        default: throw Invalid(field, "'\(Printable.text(raw))' is not known; write default or all")
        }
    }

    /// Takes the least level that is logged.
    mutating func setLogLevel(_ raw: String, field: String) throws(Invalid) {
        do {
            logLevel = try Logger.Level(parsing: raw)
        } catch {
            throw Invalid(field, error.description)
        }
    }

    private mutating func applyTLS(_ top: DocumentMap) throws(Invalid) {
        guard let value = top.value("tls") else { return }
        let map = try DocumentMap(value, at: "tls", known: ["certificate", "key", "generate"])
        if let file = try map.text("certificate") { certificateFile = file }
        if let file = try map.text("key") { keyFile = file }
        if let flag = try map.flag("generate") { generatesCertificate = flag }
    }

    private mutating func applyLog(_ top: DocumentMap) throws(Invalid) {
        guard let value = top.value("log") else { return }
        let map = try DocumentMap(value, at: "log", known: ["format", "level"])
        if let text = try map.text("format") {
            guard let format = LogFormat(rawValue: text) else {
                throw Invalid("log.format", "'\(Printable.text(text))' is not known; write text or json")
            }
            logFormat = format
        }
        if let level = try map.text("level") { try setLogLevel(level, field: "log.level") }
    }

    private mutating func applyLimits(_ top: DocumentMap) throws(Invalid) {
        guard let value = top.value("limits") else { return }
        let known = [
            "memory", "queue", "prewarm", "fork", "shareProcessor", "freeze", "loops", "nearConnections", "requestBody",
            "asyncBody", "asyncAnswer", "bundle", "connections", "idle", "journal", "logRate",
        ]
        let map = try DocumentMap(value, at: "limits", known: known)
        if let size = try map.parsed("memory", ByteSize.init) { memory = size }
        if let size = try map.parsed("journal", ByteSize.init) { journalBytes = size }
        if let size = try map.parsed("logRate", ByteSize.init) {
            guard size >= .kibibytes(16) else {
                throw Invalid("limits.logRate", "'\(size)' a second is too little; write 16KiB or more")
            }
            logRate = size
        }
        if let size = try map.parsed("requestBody", ByteSize.init) { limits.requestBody = size }
        if let size = try map.parsed("asyncBody", ByteSize.init) { limits.asyncBody = size }
        if let size = try map.parsed("asyncAnswer", ByteSize.init) { limits.asyncAnswer = size }
        if let size = try map.parsed("bundle", ByteSize.init) { limits.bundle = size }
        if let span = try map.parsed("idle", TimeSpan.init) { limits.idleTimeout = span }
        queue = try map.integer("queue", in: 0...1_000_000) ?? queue
        prewarms = try map.flag("prewarm") ?? prewarms
        forks = try map.flag("fork") ?? forks
        sharesProcessor = try map.flag("shareProcessor") ?? sharesProcessor
        freezes = try map.flag("freeze") ?? freezes
        loops = try map.integer("loops", in: 1...64) ?? loops
        limits.nearConnections =
            try map.integer("nearConnections", in: 0...1_000_000) ?? limits.nearConnections
        limits.connections = try map.integer("connections", in: 1...1_000_000) ?? limits.connections
    }

    private mutating func applyAsync(_ top: DocumentMap) throws(Invalid) {
        guard let value = top.value("async") else { return }
        let map = try DocumentMap(
            value,
            at: "async",
            known: ["parallelism", "attempts", "backoff", "retention", "callbacks"]
        )
        async.parallelism = try map.integer("parallelism", in: 1...10_000) ?? async.parallelism
        if let span = try map.parsed("retention", TimeSpan.init) { async.retention = span }
        async.retry = RetryPolicy(
            attempts: try map.integer("attempts", in: 1...100) ?? async.retry.attempts,
            base: try map.parsed("backoff", TimeSpan.init) ?? async.retry.base,
            limit: async.retry.limit
        )
        async.callbackNetworks += try map.list("callbacks", AddressRange.init)
    }
}
