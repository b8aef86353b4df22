import Continuum
import Domain
import Executor
import NIOCore
import Telemetry

/// One attempt at running a call on another node.
///
/// Confined to the event loop. An answer whose length and accounts are known with its head is collected and passed on
/// whole; any other is passed on as it comes.
final class RemoteAttempt: PeerCallDelegate {
    /// How an attempt ended.
    enum End {
        /// The function answered to the end.
        case answered
        /// The node says that the call failed, or refuses it.
        case failed(CallFailure)
        /// The node has no bundle of the version.
        case bundleMissing
        /// The node, or the way to it, was lost.
        case lost(CallFailure)
        /// The deadline passed without a word from the node.
        case late(CallFailure)
    }

    /// Bytes of an answer that is collected.
    private static let collectLimit = 262_144
    /// How much later than the call's own deadline the node's word about it is still waited for.
    private static let grace = TimeAmount.milliseconds(25)

    private let plan: CallPlan
    private let link: PeerLink
    private let eventLoop: any EventLoop
    private weak var owner: (any RemoteAttemptOwner)?
    private var call: PeerCall?
    private var timer: Scheduled<Void>?
    private var status: Int?
    private var collected: (headers: [HeaderField], body: ByteBuffer)?
    private var failure: CallFailure?
    private var logs: [LogEntry] = []
    private var isMissing = false
    /// How busy the node is, as its answer says.
    private var load: NodeLoad?
    private var isDiscarding = false
    private(set) var hasStarted = false
    private(set) var start: StartKind?
    /// What the call took there, once the node has said it.
    private(set) var outcome: PeerOutcome?

    init(_ plan: CallPlan, link: PeerLink, eventLoop: any EventLoop, owner: any RemoteAttemptOwner) {
        self.plan = plan
        self.link = link
        self.eventLoop = eventLoop
        self.owner = owner
    }

    /// Sends the request with what there is of its body.
    func begin(with replay: RequestReplay) {
        let call = link.makeCall(request, delegate: self)
        self.call = call
        for piece in replay.pieces { call.write(piece) }
        if replay.isComplete { call.finishBody() }
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: plan.deadline + Self.grace) { [weak self] in
            self?.deadlinePassed()
        }
        link.start(call)
    }

    private var request: PeerRequest {
        let version = plan.version
        var target = "/function/\(version.spec.name):\(version.number)\(plan.request.path)"
        if !plan.request.query.isEmpty { target += "?\(plan.request.query)" }
        let left = max(0, (plan.deadline - .now()).nanoseconds / 1000)
        var headers = [
            HeaderField("host", link.address.host),
            HeaderField(PeerHeaders.id, plan.id.text),
            HeaderField(PeerHeaders.timeLeft, "\(left)"),
            HeaderField(PeerHeaders.digest, version.digest.text),
            HeaderField(PeerHeaders.hops, "\(plan.hops + 1)"),
            HeaderField("traceparent", plan.trace.traceparent),
        ]
        headers += plan.request.headers.filter { field in
            field.name != "host" && field.name != "content-length" && field.name != "traceparent"
        }
        if let host = plan.request.header("host") { headers.append(HeaderField(PeerHeaders.prefix + "host", host)) }
        return PeerRequest(method: plan.request.method, target: target, headers: headers)
    }

    var takesBody: Bool { call?.takesBody ?? true }
    func write(_ bytes: ByteBuffer) { call?.write(bytes) }
    func finishBody() { call?.finishBody() }
    func consumed(_ bytes: Int) { call?.consumed(bytes) }

    /// Nobody waits any more: the node is told by the end of the connection.
    func cancel() {
        timer?.cancel()
        call?.cancel()
        call = nil
        owner = nil
    }

    private func deadlinePassed() {
        guard let call else { return }
        call.cancel()
        let failure =
            hasStarted
            ? CallFailure(.timeLimit, "the function did not end in the time it had, on node '\(link.shortName)'")
            : CallFailure(.expired, "the deadline passed before node '\(link.shortName)' began the call")
        end(.late(failure))
    }

    private func end(_ end: End) {
        timer?.cancel()
        call = nil
        let owner = owner
        self.owner = nil
        let failure: CallFailure? =
            switch end {
            case .answered, .bundleMissing: nil
            case .failed(let failure), .lost(let failure), .late(let failure): failure
            }
        owner?.remoteDidEnd(end, outcome: callOutcome(failure: failure), use: outcome?.use ?? ResourceUse())
        // Afterwards: what the node counts does not hold this call any more.
        if let load, let name = link.name { owner?.remoteReported(load, by: name) }
    }

    /// What is known of the call as the executor would say it.
    func callOutcome(failure: CallFailure?) -> CallOutcome {
        CallOutcome(
            status: status,
            failure: failure,
            start: outcome?.start,
            phases: outcome?.phases ?? CallPhases(),
            cpuNanoseconds: outcome?.use.cpuNanoseconds ?? 0,
            memoryPeakBytes: outcome?.use.memoryPeakBytes ?? 0,
            requestBytes: outcome?.requestBytes ?? 0,
            responseBytes: outcome?.responseBytes ?? 0,
            logs: logs,
            wasStarted: outcome?.wasStarted ?? hasStarted
        )
    }

    // MARK: - The node's words

    func peerCallWantsBody(_ call: PeerCall) { owner?.remoteWantsBody() }

    func peerCallDidStart(_ call: PeerCall) { hasStarted = true }

    func peerCall(_ call: PeerCall, didReceiveHead status: Int, headers: [HeaderField]) {
        func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
        load = header(NodeLoad.header).flatMap(NodeLoad.init(headerText:))
        outcome = header(PeerHeaders.outcome).flatMap(PeerOutcome.init)
        start = header("godwit-start").flatMap(StartKind.init(rawValue:))
        if header(PeerHeaders.missing) != nil {
            isMissing = true
            isDiscarding = true
            return
        }
        if let packed = header(PeerHeaders.failure) {
            failure =
                PeerOutcome.unpacked(CallFailure.self, from: packed)
                ?? CallFailure(.platform, "node '\(link.shortName)' reported a failure that does not parse")
            logs = header(PeerHeaders.logs).flatMap { PeerOutcome.unpacked([LogEntry].self, from: $0) } ?? []
            isDiscarding = true
            return
        }
        if header("godwit-error") != nil, outcome == nil {
            failure = CallFailure(.unplaceable, "node '\(link.shortName)' refused the call with status \(status)")
            isDiscarding = true
            return
        }
        self.status = status
        let length = header("content-length").flatMap { Int($0) }
        if outcome != nil, plan.request.method == "HEAD" || length.map({ $0 <= Self.collectLimit }) ?? (status == 204) {
            collected = (headers, ByteBuffer())
        } else {
            let announced = header(PeerHeaders.length).map { [HeaderField("content-length", $0)] } ?? []
            owner?.remote(didReceiveHead: status, headers: headers + announced, isComplete: false)
        }
    }

    func peerCall(_ call: PeerCall, didReceiveBody bytes: ByteBuffer) {
        if isDiscarding {
            call.consumed(bytes.readableBytes)
        } else if collected != nil {
            var piece = bytes
            collected?.body.writeBuffer(&piece)
            call.consumed(bytes.readableBytes)
        } else {
            owner?.remote(didReceiveBody: bytes)
        }
    }

    func peerCall(_ call: PeerCall, didCompleteWith trailers: [HeaderField]) {
        for field in trailers {
            if field.name == PeerHeaders.outcome { outcome = PeerOutcome(field.value) }
            if field.name == NodeLoad.header { load = NodeLoad(headerText: field.value) }
        }
        if isMissing {
            end(.bundleMissing)
        } else if let failure {
            end(.failed(failure))
        } else {
            if let collected, let status {
                owner?.remote(didReceiveHead: status, headers: collected.headers, isComplete: true)
                if collected.body.readableBytes > 0 { owner?.remote(didReceiveBody: collected.body) }
            }
            end(.answered)
        }
    }

    func peerCall(_ call: PeerCall, didFailWith loss: PeerLoss) {
        if loss.mayHaveStarted { hasStarted = true }
        end(.lost(CallFailure(.nodeLost, "node '\(link.shortName)' was lost: \(loss.reason)")))
    }
}
