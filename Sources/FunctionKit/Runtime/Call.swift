import Synchronization

/// One call in this instance: the shell around `CallState`, which sends, waits and wakes.
final class Call: Sendable {
    private struct Shared {
        var state: CallState
        /// Whether something came since somebody last waited.
        var hasNews = false
        /// The thread that serves the call, where another reads the socket.
        var doorbell: Doorbell?
        /// The task that serves the call and waits.
        var waiter: CheckedContinuation<Void, Never>?
        var task: Task<Void, Never>?
    }

    let number: UInt64
    let head: RequestHead
    let deadline: ContinuousClock.Instant
    private let connection: Connection
    private let shared: Mutex<Shared>
    /// What it asks of the egress broker.
    let fetches = Mutex(FetchTable())

    /// A call begins with its `request` frame.
    convenience init(_ frame: Frame, on connection: Connection) throws(FrameError) {
        let (head, bodyOffset) = try RequestHead.decode(frame.payload.span)
        let firstBytes = Array(frame.payload[bodyOffset...])
        let state = CallState(number: frame.call, firstBytes: firstBytes, isBodyComplete: frame.isEnd)
        guard state.isWithinWindow else { throw .windowExceeded(call: frame.call) }
        self.init(number: frame.call, head: head, state: state, on: connection)
    }

    init(number: UInt64, head: RequestHead, state: CallState, on connection: Connection) {
        self.number = number
        self.head = head
        self.deadline = .now + .microseconds(Int64(clamping: min(head.remainingMicroseconds, 1 << 50)))
        self.connection = connection
        self.shared = Mutex(Shared(state: state))
    }

    var environment: InstanceEnvironment { connection.environment }

    /// Whether there is a node; there is none in tests of functions.
    var isConnected: Bool { connection.descriptor >= 0 }

    var hasEnded: Bool { shared.withLock { $0.state.answer == .ended } }

    var hasBegun: Bool { shared.withLock { $0.state.answer != .none } }

    /// Whether nobody waits any more; where one thread does everything, looks at the socket first.
    var isCancelled: Bool {
        if environment.concurrency == 1 { connection.pumpIfIdle() }
        return shared.withLock { $0.state.isCancelled }
    }

    // MARK: - From the node

    func receiveBody(_ bytes: [UInt8], isEnd: Bool) throws(FrameError) {
        try update { state throws(FrameError) in try state.receiveBody(bytes, isEnd: isEnd) }
    }

    func receiveWindow(_ window: WindowPayload) throws(FrameError) {
        try update { state throws(FrameError) in try state.receiveWindow(window.bytes) }
    }

    func cancel() {
        update { $0.cancel() }
        failFetches(.cancelled)
        shared.withLock { $0.task }?.cancel()
    }

    func disconnect() {
        update { $0.disconnect() }
        failFetches(.disconnected)
        shared.withLock { $0.task }?.cancel()
    }

    /// Changes the state and wakes who waits.
    private func update<Failure: Error>(_ change: (inout CallState) throws(Failure) -> Void) throws(Failure) {
        let (doorbell, waiter) = try shared.withLock { shared throws(Failure) in
            try change(&shared.state)
            let waiter = shared.waiter
            shared.waiter = nil
            shared.hasNews = waiter == nil
            return (shared.doorbell, waiter)
        }
        doorbell?.ring()
        waiter?.resume()
    }

    // MARK: - Waiting

    /// The thread that serves the call waits at this doorbell.
    func attach(_ doorbell: Doorbell) { shared.withLock { $0.doorbell = doorbell } }

    /// The task that serves the call, so that it can be cancelled.
    func attach(_ task: Task<Void, Never>) {
        let isCancelled = shared.withLock { shared in
            shared.task = task
            return shared.state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    /// Wakes the thread that serves the call: there is news of a kind that it looks for itself.
    func ring() { shared.withLock { $0.doorbell }?.ring() }

    /// Waits for news, in a thread.
    func wait() {
        switch connection.style {
        case .pumping: connection.pump(.wait)
        case .parked: shared.withLock { $0.doorbell }?.wait()
        }
    }

    /// Waits for news, in a task.
    private func waitInTask() async {
        await withCheckedContinuation { continuation in
            let isNow = shared.withLock { shared in
                let hasNews = shared.hasNews
                shared.hasNews = false
                if !hasNews { shared.waiter = continuation }
                return hasNews
            }
            if isNow { continuation.resume() }
        }
    }

    // MARK: - The request's body

    /// The next piece, or nil at the end; waits in a thread.
    func nextChunk() throws(FunctionError) -> [UInt8]? {
        while true {
            switch takeChunk() {
            case .chunk(let bytes, _): return bytes
            case .end: return nil
            case .wait: wait()
            case .fail(let error): throw error
            }
        }
    }

    /// The next piece, or nil at the end; waits in a task.
    func nextChunkInTask() async throws(FunctionError) -> [UInt8]? {
        while true {
            switch takeChunk() {
            case .chunk(let bytes, _): return bytes
            case .end: return nil
            case .wait: await waitInTask()
            case .fail(let error): throw error
            }
        }
    }

    private func takeChunk() -> CallState.ChunkStep {
        let step = shared.withLock { $0.state.takeChunk() }
        if case .chunk(_, let grant) = step, grant > 0 {
            let window = WindowPayload(bytes: UInt32(grant))
            connection.send { $0.appendFrame(.window, call: number, window.encode) }
        }
        return step
    }

    // MARK: - The answer

    /// Sends the head; the body follows.
    func begin(_ head: ResponseHead) throws(FunctionError) {
        try shared.withLock { shared throws(FunctionError) in try shared.state.begin() }
        connection.send { $0.appendFrame(.response, call: number, head.encode) }
    }

    /// Sends a part of the body; waits in a thread.
    func sendBody(_ bytes: [UInt8], isEnd: Bool) throws(FunctionError) {
        var sent = 0
        repeat {
            switch reserve(bytes.count - sent) {
            case .send(let count): sendPart(bytes, from: &sent, count: count, isEnd: isEnd)
            case .wait: wait()
            case .fail(let error): throw error
            }
        } while sent < bytes.count
    }

    /// Sends a part of the body; waits in a task.
    func sendBodyInTask(_ bytes: [UInt8], isEnd: Bool) async throws(FunctionError) {
        var sent = 0
        repeat {
            switch reserve(bytes.count - sent) {
            case .send(let count): sendPart(bytes, from: &sent, count: count, isEnd: isEnd)
            case .wait: await waitInTask()
            case .fail(let error): throw error
            }
        } while sent < bytes.count
    }

    private func reserve(_ count: Int) -> CallState.SendStep { shared.withLock { $0.state.reserve(count) } }

    private func sendPart(_ bytes: [UInt8], from sent: inout Int, count: Int, isEnd: Bool) {
        let range = sent..<(sent + count)
        sent += count
        let isLast = isEnd && sent == bytes.count
        if isLast { end() }
        connection.send { frame in
            frame.appendFrame(.body, call: number, isEnd: isLast) { $0.append(contentsOf: bytes[range]) }
        }
    }

    /// Sends the head and as much of the body as goes into the first frame.
    ///
    /// - Returns: the bytes sent, or nil when that was all.
    func respond(_ response: Response) throws(FunctionError) -> Int? {
        let head = try ResponseHead.checked(status: response.status, headers: response.headers)
        let step = try shared.withLock { shared throws(FunctionError) in
            try shared.state.begin()
            return shared.state.reserve(response.body.count)
        }
        var count = 0
        if case .send(let reserved) = step { count = reserved }
        let isAll = count == response.body.count
        if isAll { end() }
        connection.send { frame in
            frame.appendFrame(.response, call: number, isEnd: isAll) {
                head.encode(to: &$0)
                $0.append(contentsOf: response.body[..<count])
            }
        }
        return isAll ? nil : count
    }

    /// Ends the call with an error, unless it has ended.
    func fail(_ error: FunctionError) {
        guard end() else { return }
        let payload = FailurePayload(
            type: String(error.type.prefix(200)),
            message: String(error.message.prefix(WireLimits.logMessage))
        )
        connection.send { $0.appendFrame(.failure, call: number, isEnd: true, payload.encode) }
    }

    /// The answer is over, and with it the call.
    @discardableResult
    private func end() -> Bool {
        guard shared.withLock({ $0.state.end() }) else { return false }
        connection.forget(self)
        return true
    }

    // MARK: - Beside the answer

    func log(_ level: LogLevel, _ message: String) {
        let payload = LogPayload(level: level, message: message)
        connection.send { $0.appendFrame(.log, call: numberIfLive, payload.encode) }
    }

    func report(_ kind: MetricKind, _ name: String, _ value: Double) {
        let payload = MetricPayload(kind: kind, value: value, name: name)
        connection.send { $0.appendFrame(.metric, call: numberIfLive, payload.encode) }
    }

    /// Sends a frame that is no part of the answer.
    func sendFrame(_ type: FrameType, isEnd: Bool, _ body: (inout [UInt8]) -> Void) {
        connection.send { $0.appendFrame(type, call: number, isEnd: isEnd, body) }
    }

    /// The call's number, or the instance's when the call has ended.
    private var numberIfLive: UInt64 { hasEnded ? 0 : number }
}
