import Domain
import NIOCore

/// What it takes to start an instance of a version: arguments, environment and limits.
struct InstanceLaunch {
    /// The longest that a function may take until it is ready.
    let startLimit = TimeAmount.seconds(60)
    private let version: FunctionVersion
    private let calls: SystemCalls
    /// `NAME=value` each.
    let environment: [String]

    /// With `learns` it is learned which system calls the instance makes, whatever its version lists.
    ///
    /// Throws the name of a secret that the function asks for and that does not exist.
    init(
        _ version: FunctionVersion,
        learns: Bool,
        secrets source: (SecretName) -> String?
    ) throws(CallFailure) {
        self.version = version
        self.calls = learns ? .learned : version.spec.syscalls.map(SystemCalls.listed) ?? .profile
        var secrets: [(name: String, value: String)] = []
        for name in version.spec.secrets {
            guard let value = source(name) else {
                throw CallFailure(
                    .missingSecret,
                    "function '\(version.spec.name)' needs secret '\(name)', which is not set; use `godwit secrets set`"
                )
            }
            secrets.append((name.text, value))
        }
        self.environment = Self.environment(version, secrets: secrets)
    }

    /// Whether what initialises like it can be forked: what speaks no frames does not know how, and who lists its calls is
    /// asked about each process of its own.
    var canFork: Bool {
        guard case .profile = calls else { return false }
        return version.spec.runtime.isReusable && version.spec.forks
    }

    /// Whether its program can wait in its place until it is asked for; the same holds as for forks.
    var canStartAhead: Bool {
        guard case .profile = calls else { return false }
        return version.spec.runtime.isReusable
    }

    func request(id: UInt64, origin: ProcessOrigin) -> SpawnRequest {
        SpawnRequest(
            id: id,
            profile: SandboxProfile(version.spec.runtime),
            digest: version.digest,
            arguments: arguments,
            environment: environment + (origin == .programOfZygote ? ["GODWIT_ZYGOTE=1"] : []),
            descriptors: [-1, -1, -1, -1],
            limits: SandboxLimits(version.spec),
            calls: calls,
            origin: origin
        )
    }

    /// What a program that knows no frames is told of its call: the CGI variables (RFC 3875) where they fit.
    func callEnvironment(_ call: Call) -> [String] {
        var variables = [
            "REQUEST_METHOD=\(call.request.method)",
            "PATH_INFO=\(call.request.path)",
            "QUERY_STRING=\(call.request.query)",
            "GODWIT_CALL_ID=\(call.id)",
            "TRACEPARENT=\(call.traceparent)",
            "GODWIT_REMAINING_MS=\(call.remaining.microseconds / 1000)",
        ]
        if let type = call.request.header("content-type") { variables.append("CONTENT_TYPE=\(type)") }
        if let length = call.request.header("content-length") { variables.append("CONTENT_LENGTH=\(length)") }
        return variables.filter { !$0.utf8.contains(0) && $0.utf8.count <= 8192 }
    }

    private var arguments: [String] {
        let spec = version.spec
        return switch spec.runtime {
        case .swift, .exec: ["/function/\(spec.handler)"]
        case .python3: ["/usr/bin/python3", "-I", "-S", "-B", "/godwit/harness.py", spec.handler]
        }
    }

    private static func environment(
        _ version: FunctionVersion,
        secrets: [(name: String, value: String)]
    ) -> [String] {
        let spec = version.spec
        let own = [
            "GODWIT_FUNCTION=\(spec.name)", "GODWIT_VERSION=\(version.number)",
            "GODWIT_CONCURRENCY=\(spec.concurrency)",
            // A body that is taken whole must leave room for what the function makes of it.
            "GODWIT_MAX_BODY=\(spec.memory.bytes / 4)",
            "TZ=UTC", "LANG=C.UTF-8", "HOME=/tmp", "TMPDIR=/tmp", "PATH=/usr/bin:/bin",
        ]
        let runtime = spec.runtime == .swift ? ["SWIFT_ROOT=/"] : []
        let asked = spec.env.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return own + runtime + asked + secrets.map { "\($0.name)=\($0.value)" }
    }
}
