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
}
