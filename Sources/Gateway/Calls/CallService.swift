package import Domain
package import Executor
import NIOCore
import Scheduler
import Telemetry

/// What every call goes through on this node, whoever made it: it is placed, run, accounted for and recorded.
///
/// Confined to the event loop.
package final class CallService {
    /// Decisions remembered.
    private static let decisionLimit = 4096

    package let executor: LoopExecutor
    let catalogue: Catalogue
    let node: NodeDescription
    let clock: GatewayClock
    let limits: GatewayLimits
    private let scheduler = Scheduler(policy: LocalOnlyPolicy())
    private let telemetry: GatewayTelemetry
    private let records: RecordKeeper
    private var random = Xoshiro256()
    private var live: [ExecutionID: LiveCall] = [:]
    private var decisions = BoundedMap<ExecutionID, Decision>(limit: CallService.decisionLimit)

    package init(
        executor: LoopExecutor,
        catalogue: Catalogue,
        node: NodeDescription,
        limits: GatewayLimits,
        telemetry: GatewayTelemetry,
        records: RecordKeeper,
        clock: GatewayClock
    ) {
        self.executor = executor
        self.catalogue = catalogue
        self.node = node
        self.placeHeaders = [("godwit-node", node.name.text), ("godwit-tier", node.tier.text)]
        self.limits = limits
        self.telemetry = telemetry
        self.records = records
        self.clock = clock
    }

    // MARK: - A call's life

    /// The version that a call of `reference` runs.
    func resolve(_ reference: FunctionReference) -> FunctionVersion? {
        catalogue.resolve(reference, draw: Double.random(in: 0..<1, using: &random))
    }

    /// A new execution id.
    func makeID() -> ExecutionID { ExecutionID(at: clock.now(), using: &random) }

    /// The trace of a call: the caller's, continued, or a new one.
    func trace(continuing header: String?) -> TraceContext {
        guard let header, let parent = TraceContext(traceparent: header) else {
            return TraceContext.makeRoot(using: &random)
        }
        return parent.child(using: &random)
    }

    /// Places a call, and makes it if this node is where it runs.
    ///
    /// Throws why it cannot run anywhere.
    func makeCall(_ plan: CallPlan, delegate: any CallDelegate) throws(CallFailure) -> Call {
        let version = plan.version
        let census = executor.census(of: version)
        let here = Candidate(node: node, isLocal: true, queued: census.queued, isWarm: census.idle > 0)
        let question = PlacementQuestion(spec: version.spec, origin: node.site, candidates: [here])
        let decision = scheduler.decide(question, using: &random)
        decisions[plan.id] = decision
        guard decision.chosen == node.name else { throw CallFailure(.unplaceable, decision.reason) }
        let call = executor.makeCall(
            plan.request,
            id: plan.id,
            to: version,
            traceparent: plan.trace.traceparent,
            deadline: plan.deadline,
            delegate: delegate
        )
        live[plan.id] = LiveCall(call: call, plan: plan)
        return call
    }

    /// Accounts for a call that is over and makes its record; a synchronous one is kept.
    func finish(_ plan: CallPlan, outcome: CallOutcome) -> ExecutionRecord {
        live[plan.id] = nil
        let energy = telemetry.account(plan.version, outcome: outcome)
        var record = plan.record(on: node)
        record.state = outcome.failure?.kind.finalState ?? .succeeded
        record.started =
            outcome.wasStarted
            ? clock.now().advanced(by: TimeSpan(microseconds: -Int64(clamping: outcome.phases.run / 1000))) : nil
        record.finished = clock.now()
        record.attempts += 1
        record.status = outcome.status
        record.failure = outcome.failure
        record.start = outcome.start
        record.phases = outcome.phases
        record.use = ResourceUse(
            cpuNanoseconds: outcome.cpuNanoseconds,
            memoryPeakBytes: outcome.memoryPeakBytes,
            joules: energy.joules,
            energyMethod: energy.method.text
        )
        record.requestBytes = outcome.requestBytes
        record.responseBytes = outcome.responseBytes
        record.logs = outcome.logs
        if !plan.isAsync { records.keep(record) }
        return record
    }

    /// Notes a call that was refused before it was made.
    func refused(_ function: FunctionName, because failure: CallFailure) {
        telemetry.refused(function, because: failure)
    }

    /// Headers that say where a call ran.
    let placeHeaders: [(String, String)]

    /// Headers that are only known when a call is over: where its time went, and its energy.
    func closingHeaders(_ record: ExecutionRecord) -> [(String, String)] {
        [
            ("server-timing", telemetry.serverTiming(record)),
            ("godwit-energy", telemetry.energyText(record.use)),
        ]
    }

    // MARK: - Calls in flight

    /// The record of a call in flight, as it stands.
    func liveRecord(_ id: ExecutionID) -> ExecutionRecord? {
        guard let live = live[id] else { return nil }
        var record = live.plan.record(on: node)
        record.state = live.call.isRunning ? .running : .queued
        return record
    }

    /// Records of the calls in flight.
    var liveRecords: [ExecutionRecord] { live.keys.compactMap(liveRecord) }

    /// Cancels a call in flight; false when there is none of that id.
    func cancel(_ id: ExecutionID) -> Bool {
        guard let live = live[id] else { return false }
        executor.cancel(live.call)
        return true
    }

    /// The decision about a recent call.
    func decision(_ id: ExecutionID) -> Decision? { decisions[id] }

    /// The newest decisions, newest first.
    func recentDecisions(_ count: Int) -> [(ExecutionID, Decision)] { decisions.newest(count) }

    /// Calls in flight.
    var liveCount: Int { live.count }
}
