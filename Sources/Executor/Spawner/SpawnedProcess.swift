import CSandbox

/// A process that the spawner started, and the descriptors that came with it.
struct SpawnedProcess: Sendable {
    /// In the node's pid namespace.
    let pid: Int32
    /// Nanoseconds from the spawner's reading of the request to the exec.
    let startNanoseconds: UInt64
    /// -1 where there is none; whoever gets this value closes them.
    let pidfd: Int32
    let cpuFile: Int32
    let memoryFile: Int32

    init(_ event: csb_event) {
        self.pid = event.pid
        self.startNanoseconds = event.start_nanoseconds
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
