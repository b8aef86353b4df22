/// What `function.yaml` says of a function.
package struct FunctionSpec: Hashable, Sendable, Codable {
    package let name: FunctionName
    package let runtime: RuntimeKind
    /// What is run: an executable's path in the bundle (`swift`, `exec`) or `module:function` (`python3`).
    package let handler: String
    /// Limit of one instance's memory.
    package let memory: ByteSize
    /// Cores an instance may use, at least 0.05.
    package let cpu: Double
    /// Longest time a call may take.
    package let timeout: TimeSpan
    /// Calls at once in one instance.
    package let concurrency: Int
    package let instances: InstanceLimits
    package let env: [String: String]
    /// Names of secrets that its instances see as environment variables.
    package let secrets: [SecretName]
    /// Whether a call may be run twice without harm.
    package let idempotent: Bool
    package let objective: Objective?
    package var placement: PlacementConstraints
    package let access: Access
    package let reuse: Reuse
    /// Absent in specs that were stored before there was egress.
    private let egressRules: [EgressRule]?
    /// Absent where instances may be forked, and in specs that were stored before they could be.
    private let fork: Bool?
    /// The system calls it may make, beside those that every process needs; nil for all that its runtime allows.
    package let syscalls: [SystemCallName]?

    package init(
        name: FunctionName,
        runtime: RuntimeKind,
        handler: String,
        memory: ByteSize = .mebibytes(128),
        cpu: Double = 1,
        timeout: TimeSpan = .seconds(30),
        concurrency: Int = 1,
        instances: InstanceLimits = .init(),
        env: [String: String] = [:],
        secrets: [SecretName] = [],
        idempotent: Bool = false,
        objective: Objective? = nil,
        placement: PlacementConstraints = .init(),
        access: Access = .token,
        reuse: Reuse = .always,
        egress: [EgressRule] = [],
        forks: Bool = true,
        syscalls: [SystemCallName]? = nil
    ) {
        self.name = name
        self.runtime = runtime
        self.handler = handler
        self.memory = memory
        self.cpu = cpu
        self.timeout = timeout
        self.concurrency = concurrency
        self.instances = instances
        self.env = env
        self.secrets = secrets
        self.idempotent = idempotent
        self.objective = objective
        self.placement = placement
        self.access = access
        self.reuse = reuse
        self.egressRules = egress.isEmpty ? nil : egress
        self.fork = forks ? nil : false
        self.syscalls = syscalls
    }

    /// Whether instances may be forked from a process that has initialised, instead of initialising each by itself.
    package var forks: Bool { fork ?? true }

    /// Whom it may call; nobody when empty.
    package var egress: [EgressRule] { egressRules ?? [] }

    /// Whether every call gets a process of its own.
    package var isOneShot: Bool { reuse == .never || !runtime.isReusable }

    private enum CodingKeys: String, CodingKey {
        case name, runtime, handler, memory, cpu, timeout, concurrency, instances, env, secrets, idempotent, objective
        case placement, access, reuse, syscalls, fork
        case egressRules = "egress"
    }
}
