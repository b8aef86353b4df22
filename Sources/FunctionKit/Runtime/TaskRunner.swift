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

    init(_ connection: Connection) throws(SystemError) {
        self.connection = connection
        self.loop = try LoopExecutor()
    }

    /// Where tasks run: here, or on Swift's pool where several calls may compute at once.
    private var preference: (any TaskExecutor)? { connection.environment.concurrency == 1 ? loop : nil }

    /// Makes the service, then serves until the node is done.
    ///
    /// - Throws: what `make` threw.
    func run(_ make: @escaping @Sendable () async throws -> Service) throws -> Closure {
        let began = ContinuousClock.now
        let service = try start(make)
        connection.sendReady(after: ContinuousClock.now - began)
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
