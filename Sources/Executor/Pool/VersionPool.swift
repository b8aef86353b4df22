import Domain
import NIOCore

/// The instances of one version on this node and the calls that wait for them.
///
/// Confined to the event loop.
final class VersionPool {
    /// After that many starts in a row that failed, everybody who waits is told, instead of trying once for each.
    private static let startAttempts = 3
    /// Nanoseconds of a start that is quick.
    private static let quickStart: UInt64 = 5_000_000

    let version: FunctionVersion
    let key: VersionKey
    let observer: any ExecutorObserver
    /// Whether calls still reach this version: only then are its minimum of instances and idle ones kept.
    private(set) var isActive: Bool
    var state: PoolState
    let executor: LoopExecutor
    private var instances: [UInt64: Instance] = [:]
    private var calls: [UInt64: Call] = [:]
    private var failedStarts = 0
    private var idleTimer: Scheduled<Void>?
    private var retryTimer: Scheduled<Void>?
    var lookaheadTimer: Scheduled<Void>?
    var lookahead = Lookahead()
    /// Calls that were lined up, and taken back, since that was told last.
    var linedUp = 0
    var takenBack = 0
    var idleTimes = IdleTimes()
    /// Since when nothing calls it, once its last instance was let go of for that.
    var restSince: UInt64?
    var prewarmTimer: Scheduled<Void>?
    /// What instances are forked from, or will be once it is ready; what takes over from it; and all that have not ended.
    var zygote: Zygote?
    var successor: Zygote?
    var zygotes: [UInt64: Zygote] = [:]
    var zygoteTimer: Scheduled<Void>?
    /// A fork that is ready, or will be, and that nobody has asked for yet.
    var spare: Instance?
    var spareTimer: Scheduled<Void>?
    /// Whether the spare is being ended.
    var isSpareDropped = false
    var spareLosses = 0
    /// Whether it has turned out that there can be none.
    var hasNoZygote = false
    var zygoteLosses = 0
    /// How much of what it writes is kept; and, where something was not, when that is told.
    var allowance: OutputAllowance
    var dropTimer: Scheduled<Void>?
    /// Whether its log says that idle instances are stopped.
    var hasToldOfFreezing = false
    /// Whether its program can be started before it is asked for.
    var startsAhead = false
    /// How long its last start took, in nanoseconds.
    private(set) var lastStart: UInt64 = 0

    init(_ version: FunctionVersion, isActive: Bool, executor: LoopExecutor) {
        self.version = version
        self.key = VersionKey(function: version.spec.name, version: version.number)
        self.isActive = isActive
        self.executor = executor
        self.observer = executor.observer
        self.state = PoolState(spec: version.spec, queueLimit: executor.limits.queue)
        self.allowance = OutputAllowance(
            bytesPerSecond: executor.limits.logRate.bytes,
            at: System.monotonicNanoseconds()
        )
        if !version.spec.egress.isEmpty { executor.egress?.startIfNeeded() }
    }

    func now() -> Timestamp { executor.now() }
    var egress: EgressClient? { executor.egress }
    var slowdown: Double { executor.limits.slowdown }
    func learned(_ calls: [String]) { executor.onLearned?(calls) }

    var census: (starting: Int, idle: Int, busy: Int) { state.census }
    var queueLength: Int { state.waiting.count }
    var isAtRest: Bool { state.instances.isEmpty && state.waiting.isEmpty }
    var isEmpty: Bool { isAtRest && reserveCount == 0 }

    var instanceCount: Int { instances.count }
    /// Processes that have memory set aside besides: zygotes, and a fork that nobody has asked for.
    var reserveCount: Int { zygotes.count + (spare == nil ? 0 : 1) }

    /// What must always hold of its accounts, and does not.
    var brokenInvariants: [String] {
        var broken = state.brokenInvariants
        if Set(instances.keys) != Set(state.instances.keys) {
            broken.append("\(instances.count) processes, but \(state.instances.count) in the accounts")
        }
        if Set(calls.keys) != Set(state.waiting) {
            broken.append("\(calls.count) calls are kept, but \(state.waiting.count) wait")
        }
        return broken.map { "\(key): \($0)" }
    }

    // MARK: - Calls

    func submit(_ call: Call) {
        noteArrival()
        place(call, lookahead: lookahead(for: call))
    }

    private func place(_ call: Call, lookahead: Int) {
        switch state.arrive(call.number, lookahead: lookahead) {
        case .lineUp(let id):
            if instances[id]?.lineUp(call) == true {
                noteLineup()
            } else {
                state.notLinedUp(on: id)
                place(call, lookahead: 0)
            }
        case .run(let id):
            instances[id]?.run(call, start: .warm)
        case .wait(let startInstance):
            calls[call.number] = call
            if startInstance { start() }
        case .reject:
            call.end(CallFailure(.overloaded, "the queue of function '\(key.function)' is full"))
        }
    }

    /// The time of a call is up, or nobody waits for it any more.
    func abandon(_ call: Call, because failure: CallFailure) {
        takeBack(call)
        switch call.state {
        case .waiting:
            if let instance = allInstances.first(where: { $0.callSentAhead === call }) {
                _ = state.unbind(instance.id)
                instance.callSentAhead = nil
                // It would serve the call as soon as it could.
                retire(instance)
            }
            // One that was made but never put in line is in no queue, and ends all the same.
            _ = state.abandon(call.number)
            calls[call.number] = nil
            call.end(failure)
        case .running(let instance):
            instance.abandon(call, because: failure)
        case .ended:
            break
        }
        distribute()
    }

    // MARK: - Instances

    /// Starts what the waiting calls or the minimum ask for, as far as the node's memory allows.
    func replenish() {
        while state.wantsInstance(forWaiting: state.waiting.count), start() {}
        while failedStarts == 0, state.instances.count < minimum, start() {}
    }

    func setActive(_ isActive: Bool) {
        self.isActive = isActive
        if isActive { replenish() } else { dropZygote() }
        expire()
    }

    func becameReady(_ instance: Instance) {
        if instance === spare {
            executor.watchIdlers()
            replenish()
            return
        }
        failedStarts = 0
        // One that was ready before it was asked for says nothing of starts.
        if instance.startNanoseconds > 0 { lastStart = instance.startNanoseconds }
        if instance.asksForZygote { wantZygote() }
        let now = System.monotonicNanoseconds()
        run(state.ready(instance.id, linesUp: instance.linesUp, at: now), start: .cold)
        expire()
        executor.watchIdlers()
        wantSpare()
    }

    func run(_ assignments: [PoolState.Assignment], start: StartKind) {
        for assignment in assignments {
            guard let instance = instances[assignment.instance] else { continue }
            if instance.callSentAhead?.number == assignment.call {
                instance.runSentAhead()
            } else if let call = calls.removeValue(forKey: assignment.call) {
                instance.run(call, start: start)
            }
        }
    }

    /// The call that waits longest.
    var nextWaiting: Call? { state.waiting.first.flatMap { calls[$0] } }
    func keep(_ call: Call) { calls[call.number] = call }
    func forget(_ call: Call) { calls[call.number] = nil }
    var allInstances: [Instance] { Array(instances.values) }

    func finished(_ instance: Instance, isReusable: Bool) {
        switch state.finished(on: instance.id, isReusable: isReusable, at: System.monotonicNanoseconds()) {
        case .keep(let assignments):
            run(assignments, start: .warm)
            lineUpWaiting(on: instance)
            if assignments.isEmpty {
                scheduleExpiry()
                executor.watchIdlers()
            }
        case .end:
            kill(instance)
        case .none:
            break
        }
    }

    func retire(_ instance: Instance) {
        if state.retire(instance.id) { kill(instance) }
    }

    func kill(_ instance: Instance) { executor.spawner.kill(instance.id) }

    /// Ends one idle instance to make room for others; false when there is none to spare.
    func evictIdle() -> Bool {
        guard let oldest = state.idle.first, let instance = instances[oldest.instance] else { return false }
        retire(instance)
        return true
    }

    /// Since when its longest idle instance idles, or nil.
    var idleSince: UInt64? { state.idle.first?.since }

    func ended(_ instance: Instance, failure: CallFailure?, duringStart: Bool, output: [LogEntry]) {
        if instance === spare { return spareEnded(failure: failure) }
        instances[instance.id] = nil
        executor.gone(instance.id)
        let wasRetiring = if case .retiring = state.instances[instance.id] { true } else { false }
        _ = state.ended(instance.id)
        executor.release(version.spec.memory)
        instance.zygote?.forkEnded()
        observer.instanceEnded(key, failure: wasRetiring ? nil : failure)
        if duringStart, !wasRetiring {
            startFailed(failure ?? CallFailure(.start, "the function ended before it was ready"), output: output)
        }
        distribute()
        executor.pump()
    }

    /// Ends all that waits and runs.
    func shutDown() {
        for timer in [idleTimer, retryTimer, prewarmTimer, lookaheadTimer] { timer?.cancel() }
        reportDropped()
        dropZygote()
        dropSpare()
        instances.values.forEach { takeBack(from: $0) }
        for id in state.drainQueue() {
            calls.removeValue(forKey: id)?.end(CallFailure(.draining, "the node is shutting down"))
        }
        instances.values.forEach { $0.end(because: CallFailure(.draining, "the node is shutting down")) }
    }

    private var minimum: Int { isActive ? state.limits.min : 0 }

    /// Starts one instance; false when the node has no room for it now.
    @discardableResult
    func start() -> Bool {
        let launch: InstanceLaunch
        do {
            launch = try makeLaunch()
        } catch {
            failWaiting(error)
            return false
        }
        if version.spec.runtime.isReusable, let spare = takeSpare(launch) {
            instances[spare.id] = spare
            state.started(spare.id)
            becameReady(spare)
            return true
        }
        // Room is not made for one by ending another that is about to be there.
        if isSpareComing, !executor.hasRoom(for: version.spec.memory) { return false }
        guard executor.reserve(version.spec.memory) else { return false }
        let id = executor.spawner.makeID()
        let transport: Instance.Transport
        let zygote = version.spec.runtime.isReusable ? zygoteToFork(launch) : nil
        if zygote != nil { observer.instanceForked(key) }
        var sent: Call?
        if version.spec.runtime.isReusable {
            sent = startWithOldest(id, isForked: zygote != nil)
            transport = .frames
        } else {
            guard let number = state.startedForOldest(id), let call = calls.removeValue(forKey: number) else {
                executor.release(version.spec.memory)
                return false
            }
            transport = .standardIO(call)
        }
        let instance = Instance(
            id: id,
            transport: transport,
            zygote: zygote,
            pool: self,
            eventLoop: executor.eventLoop
        )
        instance.callSentAhead = sent
        instances[id] = instance
        instance.start(launch, spawner: executor.spawner)
        return true
    }

    /// Notes that an instance is started; returns the call that is to be sent to it at once, if one is: where it will be ready
    /// in less time than it takes to tell us so and to get an answer.
    private func startWithOldest(_ id: UInt64, isForked: Bool) -> Call? {
        let isQuick = isForked || (lastStart > 0 && lastStart < Self.quickStart)
        if isQuick, version.spec.concurrency == 1, let call = nextWaiting, call.shortBody != nil {
            // Its caller may have to know before it can be begun, and may turn out to be gone.
            call.announce()
            if nextWaiting === call, let number = state.startedWithOldest(id) {
                return calls.removeValue(forKey: number)
            }
        }
        state.started(id)
        return nil
    }

    /// An instance is gone that has certainly not begun the call which was sent to it: it waits again.
    func takeBackSentAhead(_ call: Call, from instance: Instance) {
        _ = state.unbind(instance.id)
        call.takenBack()
        keep(call)
        state.putBack(call.number)
    }

    func makeLaunch() throws(CallFailure) -> InstanceLaunch {
        try InstanceLaunch(version, learns: executor.onLearned != nil, secrets: executor.secrets)
    }

    /// What had better be prepared for the start after this one.
    func preparation(after launch: InstanceLaunch, isForked: Bool) -> Preparation {
        guard executor.hasRoom(for: version.spec.memory) else { return .short }
        return startsAhead && launch.canStartAhead && !isForked ? .program : .process
    }

    private func startFailed(_ failure: CallFailure, output: [LogEntry]) {
        failedStarts += 1
        if failedStarts >= Self.startAttempts {
            failWaiting(failure, output: output)
        } else if let number = state.waiting.first, state.abandon(number) {
            fail(calls.removeValue(forKey: number), failure, output: output)
        }
        // The minimum is owed all the same, but not at once: a function that cannot start must not keep the node busy.
        retryTimer?.cancel()
        let wait = TimeAmount.milliseconds(min(30_000, 250 << Int64(min(failedStarts, 10))))
        retryTimer = executor.eventLoop.assumeIsolated().scheduleTask(in: wait) { [self] in
            if state.instances.count < minimum { start() }
        }
    }

    private func failWaiting(_ failure: CallFailure, output: [LogEntry] = []) {
        for number in state.drainQueue() { fail(calls.removeValue(forKey: number), failure, output: output) }
    }

    private func fail(_ call: Call?, _ failure: CallFailure, output: [LogEntry]) {
        guard let call else { return }
        output.forEach(call.append)
        call.end(failure)
    }

    // MARK: - Idle instances

    private var keepAliveNanoseconds: Int64 {
        guard isActive else { return 0 }
        return Int64(min(Double(state.limits.keepAlive.nanoseconds) * executor.keepAliveFactor, 1e18))
    }

    /// The time that idle instances are kept is another from now on.
    func keepAliveChanged() {
        idleTimer?.cancel()
        idleTimer = nil
        expire()
    }

    private func expire() {
        let now = System.monotonicNanoseconds()
        let keepAlive = UInt64(max(0, keepAliveNanoseconds))
        let limit = now > keepAlive ? now - keepAlive : 0
        let lastIdle = state.idle.last?.since
        for id in state.expired(idleSinceBefore: limit, minimum: minimum) {
            instances[id].map(retire)
        }
        let isLettingGo = state.waiting.isEmpty && state.instances.values.allSatisfy { $0 == .retiring(calls: 0) }
        if let lastIdle, isLettingGo {
            noteRest(since: lastIdle)
            noteRestForZygote()
        }
        scheduleExpiry()
    }

    /// One timer a pool, for the instance that expires first.
    private func scheduleExpiry() {
        guard idleTimer == nil, state.instances.count > minimum, let since = idleSince else { return }
        let due = Int64(clamping: since) + keepAliveNanoseconds - Int64(clamping: System.monotonicNanoseconds())
        let wait = TimeAmount.nanoseconds(max(1_000_000, due))
        idleTimer = executor.eventLoop.assumeIsolated().scheduleTask(in: wait) { [self] in
            idleTimer = nil
            expire()
        }
    }
}
