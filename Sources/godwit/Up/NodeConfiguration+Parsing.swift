import Domain
import Gateway
import Logging
import Telemetry

extension NodeConfiguration {
    private static let fields = [
        "data", "listen", "name", "tier", "site", "user", "tls", "insecure", "auth", "log", "limits", "async",
        "sandbox",
        "energy", "drain",
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
            let map = try DocumentMap(value, at: "sandbox", known: ["allowDegraded", "instances"])
            allowsDegradedSandbox = try map.flag("allowDegraded") ?? allowsDegradedSandbox
            instances = try map.integer("instances", in: 1...4096) ?? instances
        }
        if let value = top.value("energy") {
            powerCurve = try EnergySettings.curve(value, cores: Machine.cores)
        }
    }

    /// Takes `HOST:PORT`, `[HOST]:PORT`, or a port.
    mutating func setListen(_ raw: String) throws(Invalid) {
        let wrong = Invalid("listen", "'\(Printable.text(raw))' is not like 127.0.0.1:8080 or [::]:8080")
        guard let colon = raw.lastIndex(of: ":") else {
            guard let number = Int(raw), (0...65535).contains(number) else { throw wrong }
            port = number
            return
        }
        guard let number = Int(raw[raw.index(after: colon)...]), (0...65535).contains(number) else { throw wrong }
        var name = String(raw[..<colon])
        if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        guard !name.isEmpty else { throw wrong }
        host = name
        port = number
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
            "memory", "queue", "requestBody", "asyncBody", "asyncAnswer", "bundle", "connections", "idle", "journal",
        ]
        let map = try DocumentMap(value, at: "limits", known: known)
        if let size = try map.parsed("memory", ByteSize.init) { memory = size }
        if let size = try map.parsed("journal", ByteSize.init) { journalBytes = size }
        if let size = try map.parsed("requestBody", ByteSize.init) { limits.requestBody = size }
        if let size = try map.parsed("asyncBody", ByteSize.init) { limits.asyncBody = size }
        if let size = try map.parsed("asyncAnswer", ByteSize.init) { limits.asyncAnswer = size }
        if let size = try map.parsed("bundle", ByteSize.init) { limits.bundle = size }
        if let span = try map.parsed("idle", TimeSpan.init) { limits.idleTimeout = span }
        queue = try map.integer("queue", in: 0...1_000_000) ?? queue
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
