import Continuum
import Domain
import Executor
import NIOCore
import Scheduler
import Telemetry

/// A call wherever it runs: tried on the node that was chosen for it, and on another where that is safe, until it has
/// an answer or a reason why not.
///
/// Confined to the event loop.
final class PlacedCall: ExchangedCall {
    /// What is being tried.
    private enum Attempt {
        /// Legal next: `local`, `remote`, `over`.
        case none
        /// Legal next: `none`, `over`.
        case local(Call)
        /// Legal next: `none`, `over`.
        case remote(RemoteAttempt)
        case over
    }

    /// Times that a node turns out not to have the bundle.
    private static let transferLimit = 8
    private static let awaitsBundle = "it is being sent the bundle"
    /// Body bytes that are taken before the call is put in line.
    private static let bodyAhead = 65_536

    let plan: CallPlan
    let service: CallService
    private var delegate: (any PlacedCallDelegate)?
    private(set) var decision: Decision
    /// The decision's number in the log.
    private var number: Int
    private var attempt = Attempt.none
    private var attempts = 0
    private var transfers = 0
    /// Runs while the call waits for a bundle and nothing else keeps its time.
    private var timer: Scheduled<Void>?
    private var barred: [NodeName: String] = [:]
    private var replay = RequestReplay()
    private var isHeadPassed = false
    private let began: UInt64
    private var attemptBegan: UInt64
    /// Where it runs, or ran.
    private(set) var node: NodeName
    private(set) var tier: Tier
    private var finalStart: StartKind?

    init(
        _ plan: CallPlan,
        decision: Decision,
        number: Int,
        service: CallService,
        delegate: any PlacedCallDelegate
    ) {
        self.plan = plan
        self.decision = decision
        self.number = number
        self.service = service
        self.delegate = delegate
        self.began = service.continuum.now()
        self.attemptBegan = began
        self.node = service.node.name
        self.tier = service.node.tier
    }

    var id: ExecutionID { plan.id }

    /// Whether its instance was there when it came.
    var start: StartKind? {
        switch attempt {
        case .local(let call): call.start
        case .remote(let attempt): attempt.outcome?.start ?? attempt.start
        case .none: nil
        case .over: finalStart
        }
    }

    /// Whether an instance works on it.
    var isRunning: Bool {
        switch attempt {
        case .local(let call): call.isRunning
        case .remote(let attempt): attempt.hasStarted
        case .none, .over: false
        }
    }

    private var isOver: Bool {
        if case .over = attempt { return true }
        return false
    }

    // MARK: - The request

    var takesBody: Bool {
        switch attempt {
        case .none: replay.bytes < Self.bodyAhead
        case .local(let call): call.takesBody
        case .remote(let attempt): attempt.takesBody
        case .over: true
        }
    }

    func write(_ bytes: ByteBuffer) {
        replay.keep(bytes)
        switch attempt {
        case .local(let call): call.write(bytes)
        case .remote(let attempt): attempt.write(bytes)
        case .none, .over: break
        }
    }

    func finishBody() {
        replay.finish()
        switch attempt {
        case .local(let call): call.finishBody()
        case .remote(let attempt): attempt.finishBody()
        case .none, .over: break
        }
    }

    // MARK: - Attempts

    /// Tries the call on the node that was chosen.
    ///
    /// The delegate may hear of its end before this returns.
    func begin() {
        guard case .none = attempt, let chosen = decision.chosen else { return }
        guard chosen != service.node.name || service.bundles.contains(plan.version.digest) else {
            bundleMissing(at: chosen)
            return
        }
        attempts += 1
        attemptBegan = service.continuum.now()
        timer?.cancel()
        timer = nil
        node = chosen
        service.continuum.began(decision, of: plan.version.spec.name)
        if chosen == service.node.name {
            tier = service.node.tier
            let call = service.executor.makeCall(
                plan.request,
                id: plan.id,
                to: plan.version,
                traceparent: plan.trace.traceparent,
                deadline: plan.deadline,
                delegate: self
            )
            attempt = .local(call)
            for piece in replay.pieces { call.write(piece) }
            if replay.isComplete { call.finishBody() }
            if decision.candidateCount <= 1 { replay.drop() }
            service.executor.start(call)
            return
        }
        guard let target = service.continuum.target(chosen) else {
            attemptFailed(CallFailure(.nodeLost, "node '\(chosen)' is not known any more"), outcome: nil)
            return
        }
        tier = target.tier
        let remote = RemoteAttempt(plan, link: target.link, eventLoop: service.executor.eventLoop, owner: self)
        attempt = .remote(remote)
        remote.begin(with: replay)
    }

    /// The node has no bundle of this version: it is sent it, and meanwhile the call goes elsewhere, or waits.
    private func bundleMissing(at node: NodeName) {
        // A node that says so again and again must not be asked for ever.
        transfers += 1
        guard transfers <= Self.transferLimit else {
            fail(CallFailure(.unplaceable, "node '\(node)' has no bundle of the function, though it was sent it"), nil)
            return
        }
        let sent = service.continuum.sendBundle(plan.version, to: node)
        barred[node] = Self.awaitsBundle
        if placeAgain() { return }
        let eventLoop = service.executor.eventLoop
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: plan.deadline) {
            let failure = CallFailure(.expired, "the deadline passed while node '\(node)' was sent the bundle")
            bound.value.fail(failure, nil)
        }
        sent.whenComplete { result in
            let call = bound.value
            guard !call.isOver else { return }
            // Others that were waited for may have theirs by now.
            call.barred = call.barred.filter { $0.value != Self.awaitsBundle }
            if case .failure = result { call.barred[node] = "it could not be sent the bundle" }
            if call.placeAgain() { return }
            if case .failure(let error) = result {
                call.fail(CallFailure(.unplaceable, "node '\(node)' could not be sent the bundle: \(error)"), nil)
            } else {
                call.fail(CallFailure(.unplaceable, call.service.continuum.reason(of: call.decision)), nil)
            }
        }
    }

    /// Chooses again among the nodes that are left; false when there is none.
    private func placeAgain() -> Bool {
        guard attempts < RetryRule.attemptLimit, NIODeadline.now() < plan.deadline else { return false }
        (decision, number) = service.continuum.decide(plan, bytes: replay.bytes, barred: barred, replacing: number)
        guard decision.chosen != nil else { return false }
        attempt = .none
        begin()
        return true
    }

    /// An attempt failed: the call goes elsewhere where that is safe, else it is over.
    private func attemptFailed(_ failure: CallFailure, outcome: CallOutcome?, use: ResourceUse? = nil) {
        let mayHaveStarted = outcome?.wasStarted ?? false
        let isSafe = RetryRule.allowsAnother(
            after: failure.kind,
            mayHaveStarted: mayHaveStarted,
            isIdempotent: plan.version.spec.idempotent,
            attempts: attempts
        )
        if isSafe, !isHeadPassed, replay.isWhole, plan.origin == nil {
            service.continuum.ended(observation(outcome: outcome, use: nil, failure: failure))
            barred[node] = "it was tried: \(failure.kind.rawValue)"
            service.continuum.retried(because: failure.kind)
            if placeAgain() { return }
            finish(failure, outcome, isObserved: true)
            return
        }
        finish(failure, outcome, use: use, isObserved: false)
    }

    private func fail(_ failure: CallFailure, _ outcome: CallOutcome?) { finish(failure, outcome, isObserved: true) }

    // MARK: - The answer

    /// Bytes of the answer that the caller has passed on.
    func consumed(_ bytes: Int) {
        switch attempt {
        case .local(let call): call.consumed(bytes)
        case .remote(let attempt): attempt.consumed(bytes)
        case .none, .over: break
        }
    }

    // MARK: - Its end

    /// Ends it by force, wherever it runs.
    func cancel() { stop(CallFailure(.cancelled, "the call was cancelled")) { service.executor.cancel($0) } }

    /// The caller went away: the function is told.
    func callerLeft() {
        stop(CallFailure(.cancelled, "the caller went away")) { service.executor.callerLeft($0) }
    }

    private func stop(_ failure: CallFailure, local: (Call) -> Void) {
        switch attempt {
        case .local(let call): local(call)
        case .remote(let remote):
            remote.cancel()
            finish(failure, remote.callOutcome(failure: failure), isObserved: false)
        case .none: finish(failure, nil, isObserved: true)
        case .over: break
        }
    }

    private func finish(
        _ failure: CallFailure?,
        _ outcome: CallOutcome?,
        use: ResourceUse? = nil,
        isObserved: Bool
    ) {
        guard !isOver else { return }
        let isRemote = node != service.node.name
        var call = outcome ?? CallOutcome()
        call.failure = failure
        let use = isRemote ? use ?? ResourceUse() : service.account(plan.version, outcome: call)
        // The node that was lost counts nothing any more.
        if isRemote, let failure, failure.kind == .nodeLost {
            service.intake.refused(plan.version.spec.name, because: failure)
        }
        finalStart = start
        attempt = .over
        timer?.cancel()
        timer = nil
        let delegate = delegate
        self.delegate = nil
        let ended = service.continuum.now()
        let observation = isObserved ? nil : observation(outcome: outcome, use: use, failure: failure)
        // The answer goes first; what is learned from it can wait for that.
        delegate?.placedCallDidEnd(
            self,
            outcome: PlacedOutcome(call: call, node: node, tier: tier, use: use)
        )
        if let observation { service.continuum.ended(observation) }
        replay.drop()
        let observed = ObservedOutcome(
            node: node,
            milliseconds: Double(ended - began) / 1e6,
            joules: use.joules,
            start: call.start,
            failure: failure?.kind.rawValue
        )
        service.continuum.finished(plan, decision: number, observed: observed, grams: use.grams)
    }

    private func observation(outcome: CallOutcome?, use: ResourceUse?, failure: CallFailure?) -> Observation {
        let now = service.continuum.now()
        let phases = outcome?.phases ?? CallPhases()
        return Observation(
            decision: decision,
            node: node,
            totalMilliseconds: Double(now - min(attemptBegan, now)) / 1e6,
            queueMilliseconds: Double(phases.queue) / 1e6,
            coldMilliseconds: Double(phases.spawn + phases.initialise) / 1e6,
            executionMilliseconds: Double(phases.run) / 1e6,
            cpuMilliseconds: Double(use?.cpuNanoseconds ?? outcome?.cpuNanoseconds ?? 0) / 1e6,
            joules: use?.joules ?? 0,
            requestBytes: UInt64(replay.bytes),
            responseBytes: outcome?.responseBytes ?? 0,
            start: outcome?.start,
            // A function's own failure says nothing of the node.
            isFailure: failure?.kind == .nodeLost || failure?.kind == .platform,
            wasStarted: outcome?.wasStarted ?? false,
            now: now
        )
    }
}

// MARK: - On this node

extension PlacedCall: CallDelegate {
    func callWantsBody(_ call: Call) { delegate?.placedCallWantsBody(self) }

    func callWillRun(_ call: Call) { delegate?.placedCallWillRun(self) }

    func call(_ call: Call, didReceiveHead status: Int, headers: [HeaderField], isComplete: Bool) {
        isHeadPassed = true
        delegate?.placedCall(self, didReceiveHead: status, headers: headers, isComplete: isComplete)
    }

    func call(_ call: Call, didReceiveBody bytes: ByteBuffer) { delegate?.placedCall(self, didReceiveBody: bytes) }

    func callDidEnd(_ call: Call, outcome: CallOutcome) {
        if let failure = outcome.failure {
            attemptFailed(failure, outcome: outcome)
        } else {
            finish(nil, outcome, isObserved: false)
        }
    }
}

// MARK: - On another node

extension PlacedCall: RemoteAttemptOwner {
    func remoteWantsBody() { delegate?.placedCallWantsBody(self) }

    func remote(didReceiveHead status: Int, headers: [HeaderField], isComplete: Bool) {
        isHeadPassed = true
        delegate?.placedCall(self, didReceiveHead: status, headers: headers, isComplete: isComplete)
    }

    func remote(didReceiveBody bytes: ByteBuffer) { delegate?.placedCall(self, didReceiveBody: bytes) }

    func remoteReported(_ load: NodeLoad, by node: NodeName) {
        service.continuum.reported(load, by: node, running: plan.version)
    }

    func remoteDidEnd(_ end: RemoteAttempt.End, outcome: CallOutcome, use: ResourceUse) {
        switch end {
        case .answered:
            service.continuum.answered(node)
            finish(outcome.failure, outcome, use: use, isObserved: false)
        case .failed(let failure):
            // The node is well, whatever became of the call.
            service.continuum.answered(node)
            attemptFailed(failure, outcome: outcome, use: use)
        case .bundleMissing:
            service.continuum.answered(node)
            service.continuum.ended(observation(outcome: outcome, use: nil, failure: nil))
            // That was no attempt at the call.
            attempts -= 1
            bundleMissing(at: node)
        case .lost(let failure):
            service.continuum.lost(node, because: failure.message)
            attemptFailed(failure, outcome: outcome)
        case .late(let failure):
            attemptFailed(failure, outcome: outcome)
        }
    }
}
