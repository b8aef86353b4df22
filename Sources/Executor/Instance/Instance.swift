import Domain
import FunctionKit
import NIOCore

/// One sandboxed process of a version: its socket, its output, its calls and its end.
///
/// Confined to the event loop.
///
/// It performs what the pool's state machine decides. Its own life is: started → (ready) → exited, where `exited` has
/// come when the spawner said so *and* everything that the process wrote has been read.
final class Instance: OutputSource {
    /// How calls reach the process.
    enum Transport {
        /// Frames on a socket; call after call.
        case frames
        /// Its standard input and output; the one call it was started for.
        case standardIO(Call)
    }

    let id: UInt64
    let transport: Transport
    let pool: VersionPool
    let eventLoop: any EventLoop
    private let allocator = ByteBufferAllocator()
    var times: StartTimes
    /// Those of its start, where it was ready before it was asked for.
    private var ownTimes: StartTimes?
    /// The way of its calls; nil before it is open and once it has closed.
    var channel: (any Channel)?
    var process: SpawnedProcess?
    var standardIO: StandardIOHandler?
    var calls: [UInt64: Call] = [:]
    var idleness = Idleness()
    /// Whether it is stopped until its next call.
    var isFrozen = false
    /// What it sent before it was known by its process.
    var early: [IncomingFrame] = []
    var earlyBytes = 0
    static let earlyLimit = 2 << 20
    /// The call that was sent to it while it starts.
    var callSentAhead: Call?
    /// The highest number of a call that it was given.
    var lastCall: UInt64 = 0
    /// Whether calls may lie with it ahead of their turn; where they do so; and when it last began one.
    var linesUp = false
    var lineup: Lineup?
    var progressedAt: UInt64 = 0
    /// Frames that are still to be written; kept to reuse its memory while that is little.
    private var unsent: [UInt8] = []
    private static let unsentKept = 8_192
    private var outgoing = ReusedBuffer()
    private var isWritePlanned = false
    /// The socket for frames, which its channel owns.
    private(set) var frameSocket: Int32 = -1
    var lastExecution: ExecutionID?
    private var isReady = false
    /// Whether it can take calls.
    var isServing: Bool { isReady && !isGone && doom == nil && exit == nil && channel != nil }
    var accounts: InstanceAccounts
    var outputBytes = 0
    /// Why it is being ended, where we decided that.
    private var doom: CallFailure?
    private var exit: ProcessExit?
    private var isOutputOpen = true
    var isStandardOutputOpen = false
    private(set) var isGone = false
    private var isKilled = false
    /// Bytes about its requests that it has not read yet.
    var unreadBytes = 0
    private var startTimer: Scheduled<Void>?
    private var hasToldOfStart = false
    /// What it is forked from; nil when its program is executed.
    let zygote: Zygote?
    /// Whether its function says that it had better be forked.
    var asksForZygote = false
    /// Its process was never let go, if there was one.
    private var isUnborn = false
    /// There was nothing to fork it from: it is gone without having failed.
    private var isForkRefused = false
    /// The last lines it wrote outside of any call, for the report of a failed start.
    var recentOutput: [LogEntry] = []

    init(id: UInt64, transport: Transport, zygote: Zygote?, pool: VersionPool, eventLoop: any EventLoop) {
        self.id = id
        self.zygote = zygote
        self.transport = transport
        self.pool = pool
        self.eventLoop = eventLoop
        self.accounts = InstanceAccounts(concurrency: pool.version.spec.concurrency, slowdown: pool.slowdown)
        self.times = StartTimes(created: System.monotonicNanoseconds())
        if case .standardIO(let call) = transport {
            calls[call.number] = call
            call.dispatched(to: self, start: .cold)
        }
    }

    // MARK: - Start

    /// How long it took until it could take calls, in nanoseconds.
    var startNanoseconds: UInt64 { times.phases.total }

    /// It was ready before it was asked for, which it is now: what its start took, nobody waited for.
    func startsNow() {
        ownTimes = times
        let now = System.monotonicNanoseconds()
        times = StartTimes(created: now)
        times.ready(at: now, function: 0)
    }

    /// Creates its process; its events come back on the event loop.
    func start(_ launch: InstanceLaunch, spawner: SpawnerClient) {
        do {
            try connect(launch, spawner: spawner)
        } catch {
            isUnborn = true
            finish(with: CallFailure(.platform, "the instance could not be started: \(error)"))
            return
        }
        startTimer = eventLoop.assumeIsolated().scheduleTask(in: launch.startLimit) { [self] in
            guard !isReady, case .frames = transport else { return }
            end(
                because: CallFailure(
                    .start,
                    "the function did not become ready within \(launch.startLimit.nanoseconds / 1_000_000_000) s"
                )
            )
        }
    }

    private func connect(_ launch: InstanceLaunch, spawner: SpawnerClient) throws {
        let output = try System.pipe(weRead: true)
        var request = launch.request(id: id, origin: zygote.map { .fork(of: $0.id) } ?? .program)
        request.ahead = pool.preparation(after: launch, isForked: zygote != nil)
        switch transport {
        case .frames:
            let socket = try System.streamPair()
            try sendAhead(over: socket.near.raw)
            request.descriptors = [-1, output.far.raw, output.far.raw, socket.far.raw]
            try spawn(request, spawner: spawner)
            frameSocket = socket.near.release()
            openFrames(frameSocket)
        case .standardIO(let call):
            let input = try System.pipe(weRead: false)
            let answer = try System.pipe(weRead: true)
            request.descriptors = [input.far.raw, answer.far.raw, output.far.raw, -1]
            request.environment += launch.callEnvironment(call)
            try spawn(request, spawner: spawner)
            openStandardIO(call, input: input.near.release(), answer: answer.near.release())
        }
        openOutput(output.near.release())
    }

    private func spawn(_ request: SpawnRequest, spawner: SpawnerClient) throws {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let eventLoop = eventLoop
        try spawner.spawn(request) { event in
            eventLoop.execute { bound.value.receive(event) }
        }
    }

    // MARK: - Events of the process

    private func receive(_ event: SpawnerEvent) {
        switch event {
        case .spawned(_, let process):
            self.process = process
            defer { receiveEarly() }
            times.spawned(at: process.spawnedAt, exec: process.execNanoseconds)
            ownTimes?.spawned(at: process.spawnedAt, exec: process.execNanoseconds)
            if case .standardIO(let call) = transport {
                startTimer?.cancel()
                call.processStarted(times.phases, at: times.spawned ?? System.monotonicNanoseconds())
                tellOfStart()
            }
            // It may have been ready before this was heard of, and have begun the call that waited for it.
            if isReady { tellOfStart() }
            for call in calls.values where call.start == .cold { call.started(times.phases) }
            becomeReadyIfDone()
        case .failed(_, let step, let errno, let report):
            isOutputOpen = false
            isStandardOutputOpen = false
            isUnborn = step != SpawnerClient.lossStep
            isForkRefused = step == SpawnerEvent.forkStep
            if isForkRefused { pool.forkRefused(zygote) }
            let detail = report.isEmpty ? "" : ": \(report)"
            finish(
                with: doom ?? InstanceFailure.ofStart(step: step, errno: errno, detail: detail, version: pool.version)
            )
        case .exited(_, let exit):
            self.exit = exit
            pool.learned(exit.calls)
            finishIfDone()
        case .ready, .prepared, .unknown:
            break
        }
    }

    func becomeReadyIfDone() {
        guard !isReady, !isGone, doom == nil, times.ready != nil else { return }
        // Of one that has ended already we read what it has done of the call that was sent to it.
        guard exit == nil || callSentAhead != nil else { return }
        // It may be quicker than the spawner's word of it, and a call need not wait for that.
        isReady = true
        startTimer?.cancel()
        if process != nil { tellOfStart() }
        pool.becameReady(self)
    }

    /// Tells, once, where the time of its start went.
    private func tellOfStart() {
        guard !hasToldOfStart else { return }
        hasToldOfStart = true
        pool.observer.instanceStarted(pool.key, (ownTimes ?? times).phases)
    }

    func socketEnded() {
        channel = nil
        if exit != nil { return finishIfDone() }
        // A process that closed its socket can serve no call, whatever else it does.
        guard exit == nil, doom == nil else { return }
        end(because: nil)
    }

    func standardOutputEnded() {
        guard isStandardOutputOpen else { return }
        isStandardOutputOpen = false
        finishIfDone()
    }

    func outputEnded() {
        guard isOutputOpen else { return }
        isOutputOpen = false
        finishIfDone()
    }

    private func finishIfDone() {
        guard let exit, !isOutputOpen, !isStandardOutputOpen else { return }
        // What it wrote about a call that was sent to it may still be there to be read.
        if callSentAhead != nil, channel != nil { return }
        let failure = doom ?? InstanceFailure.ofExit(exit, version: pool.version)
        accounts.settle(calls.values, by: exit)
        guard case .standardIO(let call) = transport, doom == nil, exit.code == 0 else {
            finish(with: failure)
            return
        }
        let rest = TimeAmount.nanoseconds(Int64(Double(call.runTime.nanoseconds) * (pool.slowdown - 1)))
        guard rest > .zero else {
            finish(answering: call)
            return
        }
        eventLoop.assumeIsolated().scheduleTask(in: rest) { [self] in finish(answering: call) }
    }

    private func finish(answering call: Call) {
        if !call.isEnded { standardIO?.commit(isComplete: true) }
        finish(with: nil, ending: call)
    }

    /// It is gone: ends its calls and tells the pool.
    private func finish(with failure: CallFailure?, ending finished: Call? = nil) {
        guard !isGone else { return }
        isGone = true
        pool.takeBack(from: self)
        if let call = callSentAhead { release(call, because: failure) }
        startTimer?.cancel()
        channel?.close(promise: nil)
        channel = nil
        process?.close()
        process = nil
        // What is left here, the function has begun, even if it has not answered what was before it.
        while lineup?.calls.isEmpty == false { beginNext() }
        let orphans = Array(calls.values)
        calls = [:]
        lineup = nil
        finished?.end(nil)
        for call in orphans {
            call.end(failure ?? CallFailure(.crash, "the function's process ended before it answered"))
        }
        let wasStarting = !isReady && orphans.isEmpty && !isForkRefused
        pool.ended(self, failure: failure, duringStart: wasStarting, output: recentOutput)
    }

    // MARK: - Calls

    /// Sends the call that it is started for, before there is anybody to read it: it need not be waited for then.
    private func sendAhead(over socket: Int32) throws {
        guard let call = callSentAhead, let body = call.shortBody else { return }
        // Short as it is, it lies there whole.
        _ = appendFrame(.request, of: call, body: body, isEnd: true)
        defer { unsent = [] }
        try System.send(unsent, over: socket)
        lastCall = max(lastCall, call.number)
        call.sentAhead()
    }

    /// It is gone before it said that it can serve the call which was sent to it.
    private func release(_ call: Call, because failure: CallFailure?) {
        callSentAhead = nil
        // Who has ended has said all that it had to say, and calls are read only after that it is ready.
        let isUnread = isUnborn || (exit != nil && times.ready == nil)
        if isUnread, !pool.executor.isShuttingDown {
            pool.takeBackSentAhead(call, from: self)
        } else {
            call.end(failure ?? CallFailure(.crash, "the function's process ended before it answered"))
        }
    }

    /// The function has got to the call that was sent to it.
    func runSentAhead() {
        guard let call = callSentAhead else { return }
        callSentAhead = nil
        begin(call, start: .cold)
    }

    /// Hands a call to the function; a cold one waited for this instance's start.
    func run(_ call: Call, start: StartKind) {
        let isBusy = !calls.isEmpty
        begin(call, start: start)
        let piece = call.nextBodyPiece()
        let isWhole = appendFrame(.request, of: call, body: piece?.bytes, isEnd: piece?.isEnd ?? false)
        if isBusy, isWhole, piece?.isEnd == true { return sendUnsentSoon() }
        sendUnsent(before: isWhole ? nil : piece?.bytes)
        if piece?.isEnd != true { sendBody(of: call) }
    }

    private func begin(_ call: Call, start: StartKind) {
        goOn()
        settle()
        calls[call.number] = call
        begins(call)
        pool.executor.called(id, process?.pid ?? 0, isLight: pool.lookahead.isLight)
        call.dispatched(to: self, start: start)
        if start == .cold {
            // What was counted as waiting was mostly the start.
            call.phases.queue -= min(call.phases.queue, times.phases.total)
            call.started(times.phases)
        }
    }

    /// What it writes from now on is this call's.
    func begins(_ call: Call) {
        lastCall = max(lastCall, call.number)
        lastExecution = call.id
        outputBytes = 0
    }

    /// Appends a frame to those that are still to be written; returns whether its body's bytes are with it.
    func appendFrame(_ kind: FrameType, of call: Call, body: ByteBuffer?, isEnd: Bool) -> Bool {
        FrameWriter.append(
            kind,
            of: call.request,
            call: call.number,
            execution: call.id,
            version: pool.version.number,
            traceparent: call.traceparent,
            remaining: call.remaining,
            body: body,
            isEnd: isEnd,
            to: &unsent
        )
    }

    /// Sends what may be sent of a call's body.
    func sendBody(of call: Call) {
        guard let channel else { return }
        while let piece = call.nextBodyPiece() {
            switch transport {
            case .frames:
                let bytes = piece.bytes ?? ByteBuffer()
                write(FrameWriter.body(bytes, call: call.number, isEnd: piece.isEnd, allocator: allocator))
            case .standardIO:
                if let bytes = piece.bytes {
                    let count = bytes.readableBytes
                    let bound = NIOLoopBound((self, call), eventLoop: eventLoop)
                    channel.writeAndFlush(bytes).whenComplete { _ in
                        let (instance, call) = bound.value
                        guard !call.isEnded else { return }
                        call.grantSend(count)
                        instance.sendBody(of: call)
                    }
                }
                if piece.isEnd { channel.close(mode: .output, promise: nil) }
            }
        }
    }

    /// The caller has passed on that many bytes of an answer.
    func grant(_ bytes: Int, to call: Call) {
        switch transport {
        case .frames: write(FrameWriter.window(bytes, call: call.number, allocator: allocator))
        case .standardIO: try? channel?.syncOptions?.setOption(.autoRead, value: true)
        }
    }

    /// Ends a call that nobody waits for, or that has used up its time.
    ///
    /// With one call at a time the process is ended with it. With several, the process finishes the others and gets no
    /// new ones.
    func abandon(_ call: Call, because failure: CallFailure) {
        guard calls[call.number] != nil || hasLined(call) else { return }
        if pool.version.spec.concurrency == 1 {
            end(because: failure)
            return
        }
        settle()
        write(FrameWriter.cancel(call: call.number, allocator: allocator))
        calls[call.number] = nil
        call.end(failure)
        pool.retire(self)
        pool.finished(self, isReusable: false)
    }

    /// Tells the function that nobody waits any more; it may still end the call by itself.
    func notifyCancelled(_ call: Call) {
        guard case .frames = transport else { return }
        write(FrameWriter.cancel(call: call.number, allocator: allocator))
    }

    /// Ends the process by force; its calls fail because of `failure`, or because of how it ended.
    func end(because failure: CallFailure?) {
        guard !isGone, exit == nil else { return }
        if doom == nil { doom = failure }
        isKilled = true
        if pool.takeBack(from: self) { pool.distribute() }
        pool.kill(self)
    }

    /// Whether it is gone, or will be.
    var isEnding: Bool { isGone || isKilled || exit != nil }

    func complete(_ call: Call, failure: CallFailure?) {
        settle()
        calls[call.number] = nil
        if calls.isEmpty { beginNext() }
        if let process { accounts.addMemoryPeak(of: process, to: call) }
        pool.lookahead.ended(run: UInt64(clamping: call.runTime.nanoseconds), cpu: call.cpuNanoseconds)
        call.end(failure)
        pool.finished(self, isReusable: !isEnding)
    }

    // MARK: - Writing

    /// Writes a frame, after those that wait to be written.
    func write(_ frame: ByteBuffer) { sendUnsent(before: frame) }

    /// Writes the frames that wait for that with those that follow in this turn of the event loop: the function is busy, and
    /// one write with ten frames costs not much more than one with one.
    func sendUnsentSoon() {
        guard !isWritePlanned else { return }
        isWritePlanned = true
        eventLoop.assumeIsolated().execute { [self] in
            isWritePlanned = false
            if !unsent.isEmpty { sendUnsent() }
        }
    }

    /// Writes the frames that wait for that, and what follows them.
    func sendUnsent(before rest: ByteBuffer? = nil) {
        if !unsent.isEmpty {
            channel?.write(outgoing.filled(with: unsent), promise: nil)
            unsent.removeAll(keepingCapacity: unsent.count <= Self.unsentKept)
        }
        if let rest { channel?.write(rest, promise: nil) }
        channel?.flush()
    }

    // MARK: - Accounts

    /// Gives the calls in flight their shares of the CPU time used so far.
    private func settle() {
        guard let process, !calls.isEmpty else { return }
        accounts.settle(calls.values, of: process.pid)
    }
}
