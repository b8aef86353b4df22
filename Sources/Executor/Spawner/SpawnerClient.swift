import CSandbox
import Dispatch
import Synchronization

/// The node's connection to its spawner.
///
/// One thread waits for the spawner's messages and hands each to the event loop that asked for the instance; requests
/// are sent from that loop without waiting. The warm path never comes here.
package final class SpawnerClient: Sendable {
    /// What instances are told to have failed at when the spawner is gone: they may have run until then.
    static let lossStep = "spawner"

    typealias Handler = @Sendable (SpawnerEvent) -> Void

    private struct State {
        var handlers: [UInt64: Handler] = [:]
        var isLost = false
        var onLoss: (@Sendable () -> Void)?
    }

    /// The layers of the sandbox as the spawner found them, as JSON.
    package let report: String
    private let socket: Int32
    private let pid: Int32
    private let state = Mutex(State())
    private let nextID = Atomic<UInt64>(1)

    private init(socket: Int32, pid: Int32, report: String) {
        self.socket = socket
        self.pid = pid
        self.report = report
    }

    /// Starts the spawner and waits until it is prepared.
    ///
    /// Call it before privileges are given up: the spawner keeps the ones that this process has now.
    package static func start(_ configuration: SpawnerConfiguration) throws(SpawnerError) -> SpawnerClient {
        let program = try configuration.resolvedProgram()
        let near: Int32
        let pid: Int32
        do {
            let ends = try System.packetPair()
            pid = try System.startSpawner(path: program, arguments: configuration.arguments, socket: ends.far.raw)
            near = ends.near.release()
        } catch {
            throw .system(error.description)
        }
        let first: SpawnerEvent?
        do {
            first = try System.receive(near)
        } catch {
            throw .system(error.description)
        }
        switch first {
        case .ready(let report):
            return SpawnerClient(socket: near, pid: pid, report: report)
        case .failed(_, let step, let errno, let report):
            System.close(near)
            throw .refused(step: step, errno: errno, report: report)
        case nil, .spawned, .exited, .prepared, .unknown:
            System.close(near)
            throw .lost
        }
    }

    /// Gives up root for good, once the spawner that keeps what is needed of it runs.
    package static func dropPrivileges(user: UInt32, group: UInt32) throws(SpawnerError) {
        do {
            try System.dropPrivileges(user: user, group: group)
        } catch {
            throw .system(error.description)
        }
    }

    /// What to do when the spawner dies on its own; without it no function can be started.
    package func onLoss(_ action: @escaping @Sendable () -> Void) {
        let isLost = state.withLock { state in
            state.onLoss = action
            return state.isLost
        }
        if isLost { action() }
    }

    /// An id for a new instance, unique in this process.
    func makeID() -> UInt64 { nextID.wrappingAdd(1, ordering: .relaxed).oldValue }

    /// Asks for an instance; its events go to `handler`, on the spawner's thread, until it has exited or failed.
    func spawn(_ request: SpawnRequest, handler: @escaping Handler) throws(SpawnerError) {
        let isLost = state.withLock { state in
            if !state.isLost { state.handlers[request.id] = handler }
            return state.isLost
        }
        guard !isLost else { throw .lost }
        do {
            try System.spawn(
                socket,
                request: request.header,
                strings: request.strings,
                descriptors: request.descriptors
            )
        } catch {
            _ = state.withLock { $0.handlers.removeValue(forKey: request.id) }
            throw .system(error.description)
        }
    }

    /// Asks for the end of an instance, by force.
    func kill(_ instance: UInt64) { System.kill(socket, instance: instance) }

    /// Asks that an instance run on one processor, or anywhere; false when that has to be asked again.
    func place(_ instance: UInt64, on processor: Int32?) -> Bool {
        System.place(socket, instance: instance, on: processor)
    }

    /// Asks that an instance get no processor until it is to go on.
    func freeze(_ instance: UInt64, _ isFrozen: Bool) { System.freeze(socket, instance: instance, isFrozen) }

    /// Lets the spawner end every instance and itself; returns when it has, or after three seconds.
    package func stop() {
        state.withLock { $0.onLoss = nil }
        // The spawner takes the end of the socket as the node's end; shutting down wakes our own reader too.
        System.shutDown(socket)
        if !System.awaitExit(of: pid, milliseconds: 3000) {
            System.kill(process: pid)
            _ = System.awaitExit(of: pid, milliseconds: 500)
        }
    }

    /// Begins to hear the spawner, on a thread of its own.
    ///
    /// Call it once, when privileges have been given up: a thread keeps what it was made with.
    package func listen() {
        DispatchQueue(label: "godwit.spawner").async { [self] in
            while let event = try? System.receive(socket) { deliver(event) }
            let (handlers, onLoss) = state.withLock { state in
                state.isLost = true
                let left = state.handlers
                state.handlers = [:]
                return (left, state.onLoss)
            }
            for (id, handler) in handlers {
                handler(.failed(instance: id, step: Self.lossStep, errno: 0, report: "the spawner is gone"))
            }
            onLoss?()
            System.close(socket)
        }
    }

    private func deliver(_ event: SpawnerEvent) {
        let id: UInt64
        let isLast: Bool
        switch event {
        case .failed(let instance, _, _, _): (id, isLast) = (instance, true)
        case .exited(let instance, _): (id, isLast) = (instance, true)
        case .spawned(let instance, _): (id, isLast) = (instance, false)
        case .prepared(let zygote): (id, isLast) = (zygote, false)
        case .ready, .unknown: return
        }
        let handler = state.withLock { isLast ? $0.handlers.removeValue(forKey: id) : $0.handlers[id] }
        if let handler {
            handler(event)
        } else if case .spawned(_, let process) = event {
            process.close()
        }
    }
}
