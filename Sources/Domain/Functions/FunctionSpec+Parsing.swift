extension FunctionSpec {
    /// Every field that `function.yaml` may have.
    package static let fields = [
        "name", "runtime", "handler", "memory", "cpu", "timeout", "concurrency", "instances", "env", "secrets",
        "idempotent", "objective", "placement", "egress", "access", "reuse", "fork", "syscalls",
    ]

    private static let placementFields = ["tiers", "sites", "sensitive", "architectures", "accelerators"]
    private static let architectures = ["x86_64", "aarch64"]

    /// Longest timeout that a function may ask for.
    package static let longestTimeout = TimeSpan.minutes(15)
    private static let memoryRange = ByteSize.mebibytes(4)...ByteSize.gibibytes(64)
    /// Bytes that all variables of `env` may have together.
    private static let environmentLimit = 16_384
    /// Entries that `egress` may have.
    private static let egressLimit = 64

    /// Gives a document its meaning; throws the first thing that is wrong, with its place.
    package init(parsing document: DocumentValue) throws(Invalid) {
        let top = try DocumentMap(document, at: "", known: Self.fields)
        guard let name = try top.parsed("name", FunctionName.init) else {
            throw Invalid("name", "is missing; every function has one")
        }
        let runtime = try Self.runtime(top)
        let egress = try Self.egress(top, runtime: runtime)
        let concurrency = try top.integer("concurrency", in: 1...1000) ?? 1
        let reuse = try Self.choice(top, "reuse", of: Reuse.self) ?? .always
        let instances = try Self.instances(top)
        if concurrency > 1, !runtime.isReusable || reuse == .never {
            let why = runtime.isReusable ? "reuse: never gives" : "runtime exec gives"
            throw Invalid("concurrency", "\(why) every call a process of its own; leave concurrency at 1")
        }
        if instances.min > 0, !runtime.isReusable {
            throw Invalid("instances.min", "runtime exec starts a process for each call; leave it at 0")
        }
        self.init(
            name: name,
            runtime: runtime,
            handler: try Self.handler(top, runtime: runtime, name: name),
            memory: try Self.memory(top),
            cpu: try top.number("cpu", in: 0.05...256) ?? 1,
            timeout: try Self.timeout(top),
            concurrency: concurrency,
            instances: instances,
            env: try Self.environment(top),
            secrets: try top.list("secrets", SecretName.init),
            idempotent: try top.flag("idempotent") ?? false,
            objective: try Self.objective(top),
            placement: try Self.placement(top),
            access: try Self.choice(top, "access", of: Access.self) ?? .token,
            reuse: reuse,
            egress: egress,
            forks: try top.flag("fork") ?? true,
            syscalls: top.value("syscalls") == nil ? nil : try top.list("syscalls", SystemCallName.init)
        )
        for secret in secrets where env[secret.text] != nil {
            throw Invalid("secrets", "'\(secret)' is set in env too; a variable has one source")
        }
    }

    private static func runtime(_ top: DocumentMap) throws(Invalid) -> RuntimeKind {
        guard let runtime = try choice(top, "runtime", of: RuntimeKind.self) else {
            throw Invalid("runtime", "is missing; known are: \(names(of: RuntimeKind.self).joined(separator: ", "))")
        }
        return runtime
    }

    private static func handler(_ top: DocumentMap, runtime: RuntimeKind, name: FunctionName) throws(Invalid) -> String
    {
        switch runtime {
        case .swift, .exec:
            let path = try top.text("handler") ?? name.text
            try RelativePath.check(path, field: "handler")
            return path
        case .python3:
            let handler = try top.text("handler") ?? "handler:handle"
            let parts = handler.split(separator: ":", omittingEmptySubsequences: false)
            let isNames = parts.allSatisfy { part in
                part.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isPythonName($0) }
            }
            guard parts.count == 2, isNames else {
                throw Invalid("handler", "'\(Printable.text(handler))' is not like module:function")
            }
            return handler
        }
    }

    private static func isPythonName(_ word: Substring) -> Bool {
        guard let first = word.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return word.utf8.allSatisfy {
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
        }
    }

    private static func memory(_ top: DocumentMap) throws(Invalid) -> ByteSize {
        let memory = try top.parsed("memory", ByteSize.init) ?? .mebibytes(128)
        guard memoryRange.contains(memory) else {
            throw Invalid("memory", "\(memory) is outside \(memoryRange.lowerBound) to \(memoryRange.upperBound)")
        }
        return memory
    }

    private static func timeout(_ top: DocumentMap) throws(Invalid) -> TimeSpan {
        let timeout = try top.parsed("timeout", TimeSpan.init) ?? .seconds(30)
        guard (.milliseconds(1)...longestTimeout).contains(timeout) else {
            throw Invalid("timeout", "\(timeout) is outside 1ms to \(longestTimeout)")
        }
        return timeout
    }

    private static func instances(_ top: DocumentMap) throws(Invalid) -> InstanceLimits {
        guard let value = top.value("instances") else { return .init() }
        let map = try DocumentMap(value, at: "instances", known: ["min", "max", "keepAlive"])
        let max = try map.integer("max", in: 1...10_000) ?? InstanceLimits().max
        let min = try map.integer("min", in: 0...10_000) ?? 0
        guard min <= max else { throw Invalid("instances.min", "\(min) is more than instances.max, which is \(max)") }
        let keepAlive = try map.parsed("keepAlive", TimeSpan.init) ?? InstanceLimits().keepAlive
        return InstanceLimits(min: min, max: max, keepAlive: keepAlive)
    }

    private static func environment(_ top: DocumentMap) throws(Invalid) -> [String: String] {
        guard let value = top.value("env") else { return [:] }
        guard case .map(let entries) = value else { throw Invalid("env", "must be a map of names to values") }
        var environment: [String: String] = [:]
        var size = 0
        for entry in entries {
            try EnvironmentName.check(entry.key, kind: "env")
            guard case .scalar(let text) = entry.value else {
                throw Invalid("env.\(entry.key)", "must be a single value")
            }
            guard !text.utf8.contains(0) else { throw Invalid("env.\(entry.key)", "may not hold a zero byte") }
            guard environment.updateValue(text, forKey: entry.key) == nil else {
                throw Invalid("env.\(entry.key)", "is given twice")
            }
            size += entry.key.utf8.count + text.utf8.count
        }
        guard size <= environmentLimit else {
            throw Invalid("env", "has \(size) bytes; all variables together may have \(environmentLimit)")
        }
        return environment
    }

    private static func objective(_ top: DocumentMap) throws(Invalid) -> Objective? {
        guard let value = top.value("objective") else { return nil }
        let map = try DocumentMap(value, at: "objective", known: ["latency", "quantile"])
        guard let latency = try map.parsed("latency", TimeSpan.init), latency > .zero else {
            throw Invalid("objective.latency", "is missing; write for example latency: 200ms")
        }
        return Objective(latency: latency, quantile: try map.number("quantile", in: 0.5...0.999) ?? 0.95)
    }

    private static func placement(_ top: DocumentMap) throws(Invalid) -> PlacementConstraints {
        guard let value = top.value("placement") else { return .init() }
        let map = try DocumentMap(value, at: "placement", known: Self.placementFields)
        return PlacementConstraints(
            tiers: try map.list("tiers", Tier.init),
            sites: try map.list("sites", Site.init),
            sensitive: try map.flag("sensitive") ?? false,
            architectures: try map.list("architectures") { (raw) throws(Invalid) in
                guard architectures.contains(raw) else {
                    let hint = NearestName.hint(for: raw, among: architectures)
                    throw Invalid("architecture", "'\(Printable.text(raw))' is not known; \(hint)")
                }
                return raw
            },
            accelerators: try map.list("accelerators") { (raw) throws(Invalid) in
                try Label.check(raw, kind: "accelerator")
                return raw
            }
        )
    }

    /// Whom the function may call.
    private static func egress(_ top: DocumentMap, runtime: RuntimeKind) throws(Invalid) -> [EgressRule] {
        let rules = try top.list("egress", EgressRule.init)
        guard rules.count <= egressLimit else {
            throw Invalid("egress", "has \(rules.count) entries; there may be \(egressLimit)")
        }
        if !rules.isEmpty, !runtime.isReusable {
            throw Invalid("egress", "runtime exec has no way to the broker; use swift or python3, or leave it out")
        }
        return rules
    }

    private static func choice<T>(_ map: DocumentMap, _ key: String, of type: T.Type) throws(Invalid) -> T?
    where T: RawRepresentable<String> & CaseIterable {
        guard let text = try map.text(key) else { return nil }
        guard let value = T(rawValue: text) else {
            let hint = NearestName.hint(for: text, among: names(of: type))
            throw Invalid(map.place(key), "'\(Printable.text(text))' is not known; \(hint)")
        }
        return value
    }

    private static func names<T: RawRepresentable<String> & CaseIterable>(of type: T.Type) -> [String] {
        type.allCases.map(\.rawValue)
    }
}
