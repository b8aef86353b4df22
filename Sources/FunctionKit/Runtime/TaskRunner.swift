import Synchronization

/// Serves calls in tasks; the calling thread reads, and runs the tasks where calls come one at a time.
final class TaskRunner<Service: AsynchronousService>: Sendable {
    private enum Phase {
        /// Legal next: `serving`, `failed`.
        case starting
        case serving(Service)
        case failed(any Error)
    }

    private let connection: Connection
    private let loop: LoopExecutor
    private let phase = Mutex(Phase.starting)

    private init(_ connection: Connection) throws(SystemError) {
        self.connection = connection
        self.loop = try LoopExecutor()
    }

    /// Makes the service, then serves until the node is done.
    ///
    /// - Throws: what `make` threw.
    static func serve(
        _ connection: Connection,
        with make: @escaping @Sendable () async throws -> Service
    ) throws -> Closure {
        let began = ContinuousClock.now
        let runner = try TaskRunner(connection)
        let service = try runner.start(make)
        guard connection.environment.isZygote else { return runner.run(service, after: ContinuousClock.now - began) }
        runner.loop.close()
        try Zygote(control: connection.descriptor).wait()
        return try TaskRunner(connection).run(service, after: .zero)
    }

    /// Where tasks run: here, or on Swift's pool where several calls may compute at once.
    private var preference: (any TaskExecutor)? { connection.environment.concurrency == 1 ? loop : nil }

    private func run(_ service: Service, after initialising: Duration) -> Closure {
        connection.sendReady(after: initialising)
        while true {
            loop.runJobs()
            while let call = connection.takeArrived() {
                // The task is owned by its call and ends with it.
                call.attach(Task(executorPreference: preference) { await service.serve(call) })
            }
            do {
                guard try loop.sleep(until: connection.descriptor) else { continue }
            } catch {
                return .failed(error)
            }
            guard connection.pump(.wait) else { return connection.closure ?? .ended }
        }
    }

    private func start(_ make: @escaping @Sendable () async throws -> Service) throws -> Service {
        // In a zygote as on one thread: other threads would not be there in its forks.
        let preference = connection.environment.isZygote ? loop : preference
        // The task ends before this function returns.
        Task(executorPreference: preference) { [self] in
            let result: Phase
            do { result = .serving(try await make()) } catch { result = .failed(error) }
            phase.withLock { $0 = result }
            loop.wake()
        }
        while true {
            loop.runJobs()
            switch phase.withLock({ $0 }) {
            case .serving(let service): return service
            case .failed(let error): throw error
            case .starting: _ = try loop.sleep(until: -1)
            }
        }
    }
}
