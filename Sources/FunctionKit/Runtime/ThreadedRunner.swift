import Synchronization

/// Serves several calls at once: the calling thread reads, and each call has a thread while it lasts.
///
/// Threads are started when they are first needed, and the one that was busy last is taken first.
final class ThreadedRunner<Service: SynchronousService>: Sendable {
    private final class Worker: Sendable {
        let doorbell: Doorbell
        let call = Mutex<Call?>(nil)

        init() throws(SystemError) { self.doorbell = try Doorbell() }
    }

    private struct Crew {
        var idle: [Worker] = []
        /// Calls that came while the worker which ended another was not yet back.
        var waiting: ArraySlice<Call> = []
        var count = 0
        var isDismissed = false
    }

    /// Who serves a call that came.
    private enum Choice {
        case wake(Worker)
        case start
        case wait
    }

    private let connection: Connection
    private let service: Service
    private let crew = Mutex(Crew())

    init(_ connection: Connection, _ service: Service) {
        self.connection = connection
        self.service = service
    }

    /// Serves until the node is done; `initialising` is how long it took to initialise the function.
    func run(after initialising: Duration) -> Closure {
        connection.sendReady(after: initialising)
        while let call = connection.nextCall() {
            do { try assign(call) } catch { call.fail(FunctionError("ThreadFailed", error.description)) }
        }
        let idle = crew.withLock { crew in
            crew.isDismissed = true
            return crew.idle
        }
        idle.forEach { $0.doorbell.ring() }
        return connection.closure ?? .ended
    }

    private func assign(_ call: Call) throws(SystemError) {
        let choice: Choice = crew.withLock { crew in
            if let worker = crew.idle.popLast() { return .wake(worker) }
            if crew.count < connection.environment.concurrency {
                crew.count += 1
                return .start
            }
            crew.waiting.append(call)
            return .wait
        }
        switch choice {
        case .wait: return
        case .wake(let worker):
            worker.call.withLock { $0 = call }
            worker.doorbell.ring()
        case .start:
            do {
                let worker = try Worker()
                worker.call.withLock { $0 = call }
                try System.startThread { self.work(worker) }
            } catch {
                crew.withLock { $0.count -= 1 }
                throw error
            }
        }
    }

    /// The life of a worker's thread.
    private func work(_ worker: Worker) {
        while let call = next(for: worker) {
            call.attach(worker.doorbell)
            service.serve(call)
        }
    }

    /// The next call for a worker; nil when there will be none.
    private func next(for worker: Worker) -> Call? {
        if let call = take(worker) { return call }
        let (waiting, isDismissed) = crew.withLock { crew in
            if let call = crew.waiting.popFirst() { return (Optional(call), false) }
            crew.idle.append(worker)
            return (nil, crew.isDismissed)
        }
        if waiting != nil || isDismissed { return waiting }
        while true {
            // Rings of a call that is over may still come; they mean nothing here.
            worker.doorbell.wait()
            if let call = take(worker) { return call }
            if crew.withLock({ $0.isDismissed }) { return nil }
        }
    }

    private func take(_ worker: Worker) -> Call? {
        worker.call.withLock { call in
            defer { call = nil }
            return call
        }
    }
}
