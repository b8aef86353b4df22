package import Domain
package import NIOCore

/// Runs calls on this node's instances.
///
/// Confined to one event loop: no lock, no hop on the path of a warm call.
package final class LoopExecutor {
    package let eventLoop: any EventLoop
    package let limits: ExecutorLimits
    let spawner: SpawnerClient
    /// Makes requests for functions; nil where the node has no broker.
    let egress: EgressClient?
    let observer: any ExecutorObserver
    let secrets: (SecretName) -> String?
    let now: () -> Timestamp
    /// Hears which system calls an instance made, at its end; the spawner has to be started such that it learns them.
    package var onLearned: (([String]) -> Void)?
    /// How many times as long as their spec says idle instances are kept.
    package var keepAliveFactor = 1.0 {
        didSet { pools.values.forEach { $0.keepAliveChanged() } }
    }
    /// How often instances that idle are looked at.
    private static let idleInterval = TimeAmount.seconds(5)
    private var idleTimer: Scheduled<Void>?
    private let deadlines: DeadlineWatch
    private let sharing: ProcessorSharing
    private var pools: [VersionKey: VersionPool] = [:]
    private var nextNumber: UInt64 = 1
    private var memoryInUse: UInt64 = 0
    /// The part of it that zygotes have, and forks that nobody has asked for; and how many of these there are.
    private var reserveMemory: UInt64 = 0
    private var reserveCount = 0
    private var instanceCount = 0
    private(set) var isShuttingDown = false

    /// `secrets` gives the value of a secret, or nil when it is not set; `now` the time of day, for log entries.
    package init(
        eventLoop: any EventLoop,
        spawner: SpawnerClient,
        egress: EgressClient?,
        limits: ExecutorLimits,
        observer: any ExecutorObserver,
        secrets: @escaping (SecretName) -> String?,
        now: @escaping () -> Timestamp
    ) {
        self.eventLoop = eventLoop
        self.deadlines = DeadlineWatch(eventLoop: eventLoop)
        self.sharing = ProcessorSharing(eventLoop: eventLoop, spawner: spawner)
        self.spawner = spawner
        self.egress = egress
        self.limits = limits
        self.observer = observer
        self.secrets = secrets
        self.now = now
        sharing.isRunning = { [unowned self] in deadlines.count > 0 }
        deadlines.onPassed = { [unowned self] call in deadlinePassed(call) }
    }

    /// Makes a call; ``start(_:)`` puts it in line, and from then on its delegate hears of everything that follows.
    package func makeCall(
        _ request: CallRequest,
        id: ExecutionID,
        to version: FunctionVersion,
        traceparent: String,
        deadline: NIODeadline,
        delegate: any CallDelegate
    ) -> Call {
        eventLoop.assertInEventLoop()
        let call = Call(
            id: id,
            number: nextNumber,
            version: version,
            request: request,
            traceparent: traceparent,
            deadline: deadline,
            delegate: delegate
        )
        nextNumber += 1
        return call
    }

    /// Puts a call in line.
    ///
    /// Its delegate may hear of its end before this returns.
    package func start(_ call: Call) {
        guard !isShuttingDown else {
            call.end(CallFailure(.draining, "the node is shutting down"))
            return
        }
        guard call.deadline > .now() else {
            call.end(CallFailure(.expired, "the deadline passed before the call was started"))
            return
        }
        deadlines.add(call)
        pool(for: call.version).submit(call)
    }

    /// Ends a call by force: the process that works on it is ended too, where it works on nothing else.
    package func cancel(_ call: Call) {
        abandon(call, because: CallFailure(.cancelled, "the call was cancelled"))
    }

    /// The caller went away: the function is told, and has a moment to end the call by itself.
    package func callerLeft(_ call: Call) {
        // What the function has not begun, it need not hear of.
        let pool = pools[call.key]
        pool?.takeBack(call)
        defer { pool?.distribute() }
        guard case .running(let instance) = call.state else {
            cancel(call)
            return
        }
        instance.notifyCancelled(call)
        eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { [weak self, weak call] in
            if let self, let call, !call.isEnded { self.cancel(call) }
        }
    }

    /// Tells which versions calls can reach: they keep their minimum of instances, all others are let go of.
    package func setActive(_ versions: [FunctionVersion]) {
        let keys = Set(versions.map { VersionKey(function: $0.spec.name, version: $0.number) })
        for (key, pool) in pools where pool.isActive != keys.contains(key) { pool.setActive(keys.contains(key)) }
        for version in versions where version.spec.instances.min > 0 { pool(for: version).replenish() }
        forgetEmptyPools()
    }

    /// The instances of each version, by state, and how many calls wait.
    package var census: [VersionKey: (starting: Int, idle: Int, busy: Int, queued: Int)] {
        pools.mapValues { pool in
            let census = pool.census
            return (census.starting, census.idle, census.busy, pool.queueLength)
        }
    }

    /// How many calls wait for an instance of a version, and how many instances idle.
    package func census(of version: FunctionVersion) -> (queued: Int, idle: Int) {
        guard let pool = pools[VersionKey(function: version.spec.name, version: version.number)] else { return (0, 0) }
        return (pool.queueLength, pool.census.idle)
    }

    /// How busy this node is; `version` is the one whose idle instances are counted in ``NodeLoad/warm``.
    ///
    /// `utilisation` is the machine's. A node that emulates a slower machine has it to itself: there it is the share of its
    /// `cores` that run calls.
    package func load(utilisation: Double, cores: Int, warm version: FunctionVersion?) -> NodeLoad {
        var load = NodeLoad(utilisation: utilisation)
        for pool in pools.values {
            let census = pool.census
            load.starting += census.starting
            load.idle += census.idle
            load.busy += census.busy
            load.queued += pool.queueLength
        }
        if limits.slowdown > 1 { load.utilisation = min(1, Double(load.busy) / Double(max(1, cores))) }
        // A zygote makes room for whatever instance needs it.
        let taken = memoryInUse - min(memoryInUse, reserveMemory)
        load.freeMemory = limits.memory.bytes - min(taken, limits.memory.bytes)
        load.warm = version.map { census(of: $0).idle }
        return load
    }

    /// Idle instances by the digest of their bundle, as text.
    package var warmCounts: [String: Int] {
        var counts: [String: Int] = [:]
        for pool in pools.values where pool.census.idle > 0 { counts[pool.version.digest.text] = pool.census.idle }
        return counts
    }

    /// What must always hold of the accounts, and does not; empty when all is well.
    package var brokenInvariants: [String] {
        var broken: [String] = []
        let counted = pools.values.reduce(0) { $0 + $1.instanceCount }
        if counted != instanceCount { broken.append("\(instanceCount) instances are reserved, pools have \(counted)") }
        let reserved = pools.values.reduce(0) { $0 + $1.reserveCount }
        if reserved != reserveCount {
            broken.append("\(reserveCount) processes are in reserve, pools have \(reserved)")
        }
        let memory = pools.values.reduce(0) {
            $0 + UInt64($1.instanceCount + $1.reserveCount) * $1.version.spec.memory.bytes
        }
        if memory != memoryInUse { broken.append("\(memoryInUse) bytes are reserved, instances have \(memory)") }
        for pool in pools.values { broken += pool.brokenInvariants }
        return broken
    }

    /// Ends all calls and instances.
    package func shutDown() {
        isShuttingDown = true
        idleTimer?.cancel()
        egress?.stop()
        pools.values.forEach { $0.shutDown() }
    }

    /// Whether any process of a function is there.
    package var hasInstances: Bool { pools.values.contains { $0.instanceCount > 0 } }

    // MARK: - For the pools

    /// Sets memory aside for an instance, ending idle instances of others where that helps.
    func reserve(_ memory: ByteSize) -> Bool {
        guard !isShuttingDown else { return false }
        if memoryInUse + memory.bytes > limits.memory.bytes || instanceCount + reserveCount >= limits.instances {
            // The room that an eviction makes is there once the process is gone; `pump` then starts what waits.
            evict()
            return false
        }
        memoryInUse += memory.bytes
        instanceCount += 1
        return true
    }

    /// A call goes to an instance.
    func called(_ instance: UInt64, _ process: Int32, isLight: Bool) {
        if limits.sharesProcessor {
            sharing.called(instance, process, isAlone: deadlines.count == 1, isLight: isLight && limits.slowdown <= 1)
        }
    }

    /// Looks after instances that idle, as long as there are any that may have to be stopped.
    func watchIdlers() {
        guard limits.freezes, idleTimer == nil, !isShuttingDown else { return }
        idleTimer = eventLoop.assumeIsolated().scheduleTask(in: Self.idleInterval) { [self] in
            idleTimer = nil
            let now = System.monotonicNanoseconds()
            for pool in pools.values { pool.stopBusyIdlers(at: now) }
            if pools.values.contains(where: \.hasIdlers) { watchIdlers() }
        }
    }

    /// An instance is gone.
    func gone(_ instance: UInt64) { sharing.gone(instance) }

    /// Whether an instance of that size fits in beside those there are.
    func hasRoom(for memory: ByteSize) -> Bool {
        !isShuttingDown && memoryInUse + memory.bytes <= limits.memory.bytes
            && instanceCount + reserveCount < limits.instances
    }

    func release(_ memory: ByteSize) {
        memoryInUse -= min(memory.bytes, memoryInUse)
        instanceCount -= 1
    }

    /// Sets memory aside for a process that serves no call, which must fit in.
    func setAside(_ memory: ByteSize) {
        memoryInUse += memory.bytes
        reserveMemory += memory.bytes
        reserveCount += 1
    }

    /// What was set aside is an instance's from now on; false where none may be started any more.
    func takeOver(_ memory: ByteSize) -> Bool {
        guard !isShuttingDown else { return false }
        reserveMemory -= min(memory.bytes, reserveMemory)
        reserveCount -= 1
        instanceCount += 1
        return true
    }

    func giveBack(_ memory: ByteSize) {
        memoryInUse -= min(memory.bytes, memoryInUse)
        reserveMemory -= min(memory.bytes, reserveMemory)
        reserveCount -= 1
    }

    /// Room may have come free: lets every pool start what it wants.
    func pump() {
        guard !isShuttingDown else { return }
        for pool in pools.values { pool.replenish() }
        forgetEmptyPools()
    }

    private func evict() {
        // Spares and zygotes first: without one, starts are slower; without an idle instance, there is a start.
        if let pool = pools.values.first(where: \.hasSpareToDrop) {
            pool.dropSpare()
            return
        }
        let useless = pools.values.first { $0.zygote?.forks == 0 }
        if let useless {
            useless.dropZygote()
            return
        }
        let longestIdle = pools.values.filter { $0.idleSince != nil }.min { ($0.idleSince ?? 0) < ($1.idleSince ?? 0) }
        _ = longestIdle?.evictIdle()
    }

    private func pool(for version: FunctionVersion) -> VersionPool {
        let key = VersionKey(function: version.spec.name, version: version.number)
        if let pool = pools[key] { return pool }
        let pool = VersionPool(version, isActive: true, executor: self)
        pools[key] = pool
        return pool
    }

    private func forgetEmptyPools() {
        for (key, pool) in pools where pool.isEmpty && !pool.isActive { pools[key] = nil }
    }

    private func deadlinePassed(_ call: Call) {
        pools[call.key]?.takeBack(call)
        let failure =
            switch call.state {
            case .waiting: CallFailure(.expired, "the deadline passed while the call waited for an instance")
            case .running, .ended:
                CallFailure(
                    .timeLimit,
                    "the function did not end within the \(call.allowance) it had; `timeout` sets it"
                )
            }
        abandon(call, because: failure)
    }

    private func abandon(_ call: Call, because failure: CallFailure) {
        guard let pool = pools[call.key] else {
            // It was made but never put in line, and nothing else of its version is here.
            call.end(failure)
            return
        }
        pool.abandon(call, because: failure)
    }
}
