import Domain

/// What one instance may use at most.
struct SandboxLimits: Sendable {
    let memory: ByteSize
    /// Size of its private /tmp, which counts as memory too.
    let temporaryFiles: ByteSize
    let cores: Double
    let processes: Int
    let openFiles: Int
    /// CPU seconds in its life; 0 means no limit.
    let cpuSeconds: Int

    /// The limits of an instance of a function.
    init(_ spec: FunctionSpec) {
        memory = spec.memory
        temporaryFiles = ByteSize(bytes: spec.memory.bytes / 2)
        cores = spec.cpu
        processes = 32 + spec.concurrency * 2
        openFiles = 256 + spec.concurrency * 4
        // An instance that serves call after call lives long; one call's CPU time is bounded by its timeout.
        cpuSeconds = spec.isOneShot ? Int(spec.timeout.inSeconds * max(1, spec.cpu)) + 2 : 0
    }
}
