package import Domain
import DequeModule
import FunctionKit
package import NIOCore

/// One call on this node, from its submission to its end.
///
/// Confined to the executor's event loop.
package final class Call {
    /// Where the call stands.
    enum State {
        /// Legal next: `running`, `ended`.
        case waiting
        /// Legal next: `ended`; `waiting` where it lay ahead of its turn.
        case running(Instance)
        case ended
    }

    /// Log lines kept for the call's own record.
    static let logLimit = 50
    /// Body bytes taken ahead of what the function may be sent.
    private static let bodyAhead = 65_536

    package let id: ExecutionID
    package let version: FunctionVersion
    package let request: CallRequest
    package let traceparent: String
    /// When it must be over.
    package let deadline: NIODeadline
    /// Its number on the wire.
    let number: UInt64
    private(set) var delegate: (any CallDelegate)?
    var state = State.waiting
    /// What keeps its time, from when it is in line until it is over.
    var deadlines: DeadlineWatch?

    // The request's body on its way to the function.
    private var body: Deque<ByteBuffer> = []
    private var bodyBytes = 0
    private var isBodyComplete = false
    private var isBodySent = false
    /// Whether its delegate knows that it may have begun.
    private var isAnnounced = false
    /// Whether it was sent to an instance that may have read it, though nothing was heard of that yet.
    private var mayHaveBegun = false
    private var sendWindow = WireLimits.window

    // The answer.
    private(set) var status: Int?
    private var receiveWindow = WireLimits.window
    private var consumedBytes = 0

    // What is known about it at its end.
    private let submittedAt: UInt64
    /// The time it was given when it was made.
    let allowance: TimeSpan
    private var dispatchedAt: UInt64?
    package private(set) var start: StartKind?
    var phases = CallPhases()
    var cpuNanoseconds: UInt64 = 0
    var memoryPeakBytes: UInt64 = 0
    private var requestBytes: UInt64 = 0
    private var responseBytes: UInt64 = 0
    private var logs: Deque<LogEntry> = []
    /// What it asks of the egress broker.
    var egress = CallEgress()

    init(
        id: ExecutionID,
        number: UInt64,
        version: FunctionVersion,
        request: CallRequest,
        traceparent: String,
        deadline: NIODeadline,
        delegate: any CallDelegate
    ) {
        self.id = id
        self.number = number
        self.version = version
        self.request = request
        self.traceparent = traceparent
        self.deadline = deadline
        self.delegate = delegate
        self.submittedAt = System.monotonicNanoseconds()
        self.allowance = .milliseconds((deadline - .now()).nanoseconds / 1_000_000 + 1)
    }

    package var key: VersionKey { VersionKey(function: version.spec.name, version: version.number) }

    // MARK: - The request's body, from the caller

    /// Whether the caller may hand over more of the body now; if not, `callWantsBody` will tell.
    package var takesBody: Bool { bodyBytes < Self.bodyAhead }

    /// Takes more of the request's body.
    package func write(_ bytes: ByteBuffer) {
        guard !isEnded, !isBodyComplete, bytes.readableBytes > 0 else { return }
        body.append(bytes)
        bodyBytes += bytes.readableBytes
        requestBytes += UInt64(bytes.readableBytes)
        if case .running(let instance) = state { instance.sendBody(of: self) }
    }

    /// The request's body is complete.
    package func finishBody() {
        guard !isEnded, !isBodyComplete else { return }
        isBodyComplete = true
        if case .running(let instance) = state { instance.sendBody(of: self) }
    }

    /// The function may be sent that many more bytes.
    func grantSend(_ bytes: Int) { sendWindow += bytes }

    /// The whole body where it is complete and short, left where it is; empty when there is none, nil otherwise.
    var shortBody: ByteBuffer? {
        guard isBodyComplete, !isBodySent, body.count <= 1, bodyBytes <= Lineup.bodyLimit else { return nil }
        return body.first ?? ByteBuffer()
    }

    /// The next piece of the body that may be sent, and whether it is the last; nil while there is nothing to send.
    func nextBodyPiece() -> (bytes: ByteBuffer?, isEnd: Bool)? {
        guard !isBodySent else { return nil }
        guard var first = body.popFirst() else {
            guard isBodyComplete else { return nil }
            isBodySent = true
            return (nil, true)
        }
        let length = min(first.readableBytes, sendWindow, WireLimits.bodyChunk)
        guard length > 0, let piece = first.readSlice(length: length) else {
            body.prepend(first)
            return nil
        }
        if first.readableBytes > 0 { body.prepend(first) }
        sendWindow -= length
        let couldTake = takesBody
        bodyBytes -= length
        isBodySent = isBodyComplete && body.isEmpty
        if !couldTake, takesBody { delegate?.callWantsBody(self) }
        return (piece, isBodySent)
    }

    // MARK: - The answer, from the function

    /// Bytes of the answer that the caller has passed on; the function may send as many again.
    package func consumed(_ bytes: Int) {
        consumedBytes += bytes
        guard consumedBytes >= WireLimits.windowStep, case .running(let instance) = state else { return }
        receiveWindow += consumedBytes
        instance.grant(consumedBytes, to: self)
        consumedBytes = 0
    }

    func receiveHead(status: Int, headers: [Domain.HeaderField], isComplete: Bool) throws(FrameViolation) {
        guard self.status == nil else { throw FrameViolation("a call was answered twice") }
        self.status = status
        delegate?.call(self, didReceiveHead: status, headers: headers, isComplete: isComplete)
    }

    func receiveBody(_ bytes: ByteBuffer) throws(FrameViolation) {
        guard status != nil else { throw FrameViolation("body bytes came before the head of the answer") }
        guard bytes.readableBytes > 0 else { return }
        receiveWindow -= bytes.readableBytes
        guard receiveWindow >= 0 else { throw FrameViolation("more body bytes came than were granted") }
        responseBytes += UInt64(bytes.readableBytes)
        delegate?.call(self, didReceiveBody: bytes)
    }

    /// Whether the caller is behind so far that a program which knows no windows must be held up.
    var isReceiveWindowLow: Bool { receiveWindow < WireLimits.window / 2 }

    // MARK: - Logs

    func append(_ entry: LogEntry) {
        if logs.count == Self.logLimit { logs.removeFirst() }
        logs.append(entry)
    }

    // MARK: - Life

    /// Whether an instance works on it.
    package var isRunning: Bool {
        if case .running = state { return true }
        return false
    }

    var isEnded: Bool {
        if case .ended = state { return true }
        return false
    }

    /// It is handed to an instance.
    func dispatched(to instance: Instance, start: StartKind) {
        let now = System.monotonicNanoseconds()
        assign(to: instance)
        dispatchedAt = now
        self.start = start
        phases.queue = now - submittedAt
    }

    /// It may be begun soon: tells the delegate, once, who may give the call up at that.
    func announce() {
        guard !isAnnounced else { return }
        isAnnounced = true
        delegate?.callWillRun(self)
    }

    /// It is sent to an instance that starts, its whole body too, and may be begun before we hear of that.
    func sentAhead() {
        isBodySent = true
        mayHaveBegun = true
    }

    /// It lies with an instance ahead of its turn, which may come at any time; its whole body too.
    func linedUp(at instance: Instance) {
        isBodySent = true
        assign(to: instance)
    }

    private func assign(to instance: Instance) {
        state = .running(instance)
        // After the state: whoever is told may find its caller gone, and give the call up at once.
        announce()
    }

    /// It was taken back from its instance, which has not begun it.
    func takenBack() {
        state = .waiting
        mayHaveBegun = false
        isBodySent = false
        dispatchedAt = nil
        start = nil
    }

    /// The process that was started for it runs, since that time: what came before was its start.
    func processStarted(_ start: CallPhases, at time: UInt64) {
        started(start)
        dispatchedAt = time
    }

    /// Where the time of the start went that it waited for.
    func started(_ start: CallPhases) {
        (phases.spawn, phases.exec) = (start.spawn, start.exec)
        (phases.initialise, phases.function) = (start.initialise, start.function)
    }

    /// It is over: tells the delegate, once.
    func end(_ failure: CallFailure?) {
        guard !isEnded else { return }
        if case .running(let instance) = state { instance.endEgress(of: self) }
        state = .ended
        deadlines?.remove(self)
        deadlines = nil
        let now = System.monotonicNanoseconds()
        if let dispatchedAt {
            phases.run = now - dispatchedAt
        } else {
            phases.queue = now - submittedAt
        }
        let outcome = CallOutcome(
            status: status,
            failure: failure,
            start: start,
            phases: phases,
            cpuNanoseconds: cpuNanoseconds,
            memoryPeakBytes: memoryPeakBytes,
            requestBytes: requestBytes,
            responseBytes: responseBytes,
            logs: Array(logs),
            egress: egress.use,
            wasStarted: dispatchedAt != nil || mayHaveBegun
        )
        body = []
        let delegate = delegate
        self.delegate = nil
        delegate?.callDidEnd(self, outcome: outcome)
    }

    /// How long it has been with its instance.
    var runTime: TimeAmount {
        .nanoseconds(dispatchedAt.map { Int64(clamping: System.monotonicNanoseconds() - $0) } ?? 0)
    }

    /// Time left until the deadline; never negative.
    var remaining: TimeSpan { TimeSpan(microseconds: max(0, (deadline - .now()).nanoseconds / 1000)) }
}
