import CSandbox

/// A process that the spawner started, and the descriptors that came with it.
struct SpawnedProcess: Sendable {
    /// In the node's pid namespace.
    let pid: Int32
    /// When it was there, on the monotonic clock in nanoseconds.
    let spawnedAt: UInt64
    /// Nanoseconds from the process's beginning to its exec: its sandbox.
    let execNanoseconds: UInt64
    /// -1 where there is none; whoever gets this value closes them.
    let pidfd: Int32
    let cpuFile: Int32
    let memoryFile: Int32

    init(_ event: csb_event) {
        self.pid = event.pid
        self.spawnedAt = event.spawned_at
        self.execNanoseconds = event.start_nanoseconds - min(event.clone_nanoseconds, event.start_nanoseconds)
        self.pidfd = event.pidfd
        self.cpuFile = event.cpu_fd
        self.memoryFile = event.memory_fd
    }

    /// Closes all descriptors.
    func close() {
        System.close(pidfd)
        System.close(cpuFile)
        System.close(memoryFile)
    }
}
