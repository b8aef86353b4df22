import Domain
import NIOCore

/// A process of a version that has initialised and serves no call: instances are forked from it.
///
/// Confined to the event loop. Its instances live in its pid namespace, so that its end is theirs: once it is not forked
/// any more, it is kept for as long as there is one of them.
final class Zygote: OutputSource {
    private enum State {
        /// Legal next: `ready`, `retired`, gone.
        case starting
        /// So many can still be forked. Legal next: `retired`, gone.
        case ready(left: Int)
        /// None is forked any more. Legal next: gone.
        case retired
    }

    let id: UInt64
    let eventLoop: any EventLoop
    private let pool: VersionPool
    private let launch: InstanceLaunch
    private var state = State.starting
    /// Forks that live: instances, and perhaps one that nobody has asked for.
    private(set) var forks = 0
    private var wasReady = false
    private var exit: ProcessExit?
    private var isOutputOpen = true
    private var outputBytes = 0

    init(id: UInt64, launch: InstanceLaunch, pool: VersionPool, eventLoop: any EventLoop) {
        self.id = id
        self.launch = launch
        self.pool = pool
        self.eventLoop = eventLoop
    }

    /// Creates its process; throws when that cannot even be asked for.
    func start(spawner: SpawnerClient) throws {
        let output = try System.pipe(weRead: true)
        var request = launch.request(id: id, origin: .programOfZygote)
        request.descriptors = [-1, output.far.raw, output.far.raw, -1]
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let eventLoop = eventLoop
        try spawner.spawn(request) { event in
            eventLoop.execute { bound.value.receive(event) }
        }
        openOutput(output.near.release())
    }

    /// Whether it can be forked now.
    var isReady: Bool {
        if case .ready = state { true } else { false }
    }

    /// Whether an instance that is started like this could be forked once it is ready.
    func suits(_ launch: InstanceLaunch) -> Bool { launch.environment == self.launch.environment }

    /// One more is forked; returns how many still can be.
    func takeFork() -> Int {
        guard case .ready(let left) = state else { return 0 }
        forks += 1
        state = .ready(left: left - 1)
        return left - 1
    }

    /// One of its instances is gone.
    func forkEnded() {
        forks -= 1
        endIfUseless()
    }

    /// It is not forked any more, and ends with the last of its instances.
    func retire() {
        state = .retired
        endIfUseless()
    }

    private func endIfUseless() {
        if case .retired = state, forks == 0, exit == nil { pool.executor.spawner.kill(id) }
    }

    private func receive(_ event: SpawnerEvent) {
        switch event {
        case .spawned(_, let process):
            process.close()
        case .prepared:
            wasReady = true
            guard case .starting = state else { return }
            state = .ready(left: ProcessOrigin.forksOfZygote)
            pool.wantSpare()
        case .failed(_, let step, let errno, _):
            finish(because: "it could not be started: \(step), errno \(errno)")
        case .exited(_, let exit):
            self.exit = exit
            finishIfDone()
        case .ready, .unknown:
            break
        }
    }

    // MARK: - Output and end

    func wrote(_ bytes: Int) {
        outputBytes += bytes
        if outputBytes > Instance.outputLimit { pool.executor.spawner.kill(id) }
    }

    func keepsOutput(_ bytes: Int) -> Bool { pool.keepsOutput(bytes) }

    func output(line: String) {
        if pool.keepsLine(line) { pool.log(line, stream: "output", level: "info") }
    }

    func outputEnded() {
        isOutputOpen = false
        finishIfDone()
    }

    private func finishIfDone() {
        // Its forks hold their own output, so that this ends with it.
        guard let exit, !isOutputOpen else { return }
        if case .retired = state { return finish(because: nil) }
        finish(because: InstanceFailure.ofExit(exit, version: pool.version).message)
    }

    private func finish(because reason: String?) { pool.zygoteEnded(self, wasReady: wasReady, because: reason) }
}
