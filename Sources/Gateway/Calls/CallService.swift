import Scheduler
import Domain
package import Executor
import NIOCore
import Telemetry

/// What every call goes through on this node, whoever made it: it is placed, run, accounted for and recorded.
///
/// Confined to the event loop.
package final class CallService {
    package let executor: LoopExecutor
    let intake: Intake
    let bundles: BundleIndex
    let node: NodeDescription
    let clock: GatewayClock
    /// Where calls may run, and what is known of it.
    package let continuum: ContinuumDesk
    let quarantine: Quarantine
    private let telemetry: GatewayTelemetry
    private let records: RecordKeeper
    private var live: [ExecutionID: LiveCall] = [:]

    package init(
        executor: LoopExecutor,
        intake: Intake,
        bundles: BundleIndex,
        continuum: ContinuumDesk,
        quarantine: Quarantine,
        telemetry: GatewayTelemetry,
        records: RecordKeeper
    ) {
        self.executor = executor
        self.intake = intake
        self.bundles = bundles
        self.node = intake.node
        self.continuum = continuum
        self.quarantine = quarantine
        self.telemetry = telemetry
        self.records = records
        self.clock = intake.clock
    }

    // MARK: - A call's life

    /// Places a call; ``PlacedCall/begin()`` puts it in line where it was placed.
    ///
    /// Throws why it cannot run anywhere. `bytes` is what is known of its body's length.
    func makeCall(
        _ plan: CallPlan,
        bytes: Int,
        delegate: any PlacedCallDelegate
    ) throws(CallFailure) -> PlacedCall {
        let (decision, number) = continuum.decide(plan, bytes: bytes, barred: [:])
        guard decision.chosen != nil else {
            if let objection = quarantine.objection(to: plan.version) {
                let remedy = "an operator can release it: godwit functions release \(plan.version.spec.name)"
                throw CallFailure(.quarantined, "\(objection); \(remedy)")
            }
            throw CallFailure(.unplaceable, continuum.reason(of: decision))
        }
        let call = PlacedCall(plan, decision: decision, number: number, service: self, delegate: delegate)
        live[plan.id] = LiveCall(call: call, plan: plan)
        return call
    }

    /// Accounts for a call that ran on this node: what it used.
    func account(_ version: FunctionVersion, outcome: CallOutcome) -> ResourceUse {
        let (energy, grams) = telemetry.account(version, outcome: outcome)
        return ResourceUse(
            cpuNanoseconds: outcome.cpuNanoseconds,
            memoryPeakBytes: outcome.memoryPeakBytes,
            joules: energy.joules,
            grams: grams,
            energyMethod: energy.method.text
        )
    }

    /// Sums a call up that is over.
    func end(of plan: CallPlan, _ outcome: PlacedOutcome) -> CallEnd {
        CallEnd(
            record: finish(plan, outcome: outcome),
            wasStarted: outcome.call.wasStarted,
            load: plan.origin == nil ? nil : continuum.load(for: plan.version)
        )
    }

    /// Makes the record of a call that is over.
    func finish(_ plan: CallPlan, outcome placed: PlacedOutcome) -> ExecutionRecord {
        let outcome = placed.call
        var record = plan.record(on: node)
        record.node = placed.node
        record.tier = placed.tier
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
        record.use = placed.use
        record.requestBytes = outcome.requestBytes
        record.responseBytes = outcome.responseBytes
        record.logs = outcome.logs
        if outcome.egress.count > 0 { record.egress = outcome.egress }
        return record
    }

    /// The call is in flight no more, and its record kept if it was a synchronous one, once it has its answer: whoever writes
    /// records may be woken by that, on this very processor.
    func keep(_ record: ExecutionRecord, of plan: CallPlan) {
        live[plan.id] = nil
        // A call that another node passed on is on record there.
        if !plan.isAsync, plan.origin == nil { records.keep(record) }
    }

    // MARK: - Calls in flight

    /// The record of a call in flight, as it stands.
    func liveRecord(_ id: ExecutionID) -> ExecutionRecord? {
        guard let live = live[id], live.plan.origin == nil else { return nil }
        var record = live.plan.record(on: node)
        record.state = live.call.isRunning ? .running : .queued
        record.node = live.call.node
        record.tier = live.call.tier
        return record
    }

    /// Records of the calls in flight.
    var liveRecords: [ExecutionRecord] { live.keys.compactMap(liveRecord) }

    /// Cancels a call in flight; false when there is none of that id.
    func cancel(_ id: ExecutionID) -> Bool {
        guard let live = live[id] else { return false }
        live.call.cancel()
        return true
    }

    /// Calls in flight.
    var liveCount: Int { live.count }
}

extension CallService: CallMaker {
    func makeCall(_ plan: CallPlan, bytes: Int, for exchange: CallExchange) throws(CallFailure) -> any ExchangedCall {
        try makeCall(plan, bytes: bytes, delegate: exchange)
    }
}
