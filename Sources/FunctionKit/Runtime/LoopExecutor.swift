import Synchronization

/// Runs tasks on the thread that calls `runJobs`, so that a process can do without a pool of threads.
final class LoopExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isAsleep = false
    }

    private let state = Mutex(State())
    private let doorbell: Doorbell

    init() throws(SystemError) { self.doorbell = try Doorbell() }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isAsleep = state.withLock { state in
            state.jobs.append(job)
            return state.isAsleep
        }
        if isAsleep { doorbell.ring() }
    }

    /// Gives its descriptors back, once nothing will run here any more.
    func close() { doorbell.close() }

    /// Ends a `sleep` that goes on, or the next one.
    func wake() { doorbell.ring() }

    /// Runs jobs until there are none.
    func runJobs() {
        while true {
            let jobs = state.withLock { state in
                defer { state.jobs = [] }
                return state.jobs
            }
            if jobs.isEmpty { return }
            // SAFETY: each job was enqueued here once and is run once; the executor lives as long as its tasks.
            for job in jobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }

    /// Waits until there are jobs, a `wake`, or something to read.
    ///
    /// - Returns: whether there is something to read.
    func sleep(until descriptor: Int32) throws(SystemError) -> Bool {
        let hasJobs = state.withLock { state in
            state.isAsleep = state.jobs.isEmpty
            return !state.isAsleep
        }
        if hasJobs { return false }
        defer { state.withLock { $0.isAsleep = false } }
        let readable = try System.waitReadable(descriptor, doorbell.descriptor)
        if readable.second { doorbell.wait() }
        return readable.first
    }
}
