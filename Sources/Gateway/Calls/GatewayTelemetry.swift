import Continuum
import Domain
import Executor
import FunctionKit
import Scheduler
import ServiceLifecycle
import Synchronization
package import Telemetry

/// The node's numbers: counts calls, asks what their energy was, and settles it now and then.
package final class GatewayTelemetry: Service {
    /// The media type of the metrics.
    static let expositionType = Exposition.contentType
    /// How often measured energy is shared out.
    private static let settleInterval = Duration.seconds(2)
    /// Numbers that functions may report under names of their own, in all.
    private static let ownMetricLimit = 500

    private let metrics: NodeMetrics
    private let energy: EnergyAccountant
    private let carbon: CarbonIntensity?
    private let draining = Atomic<Bool>(false)
    private let shutOut = Atomic<Bool>(false)
    private let ownMetrics = Mutex<Set<String>>([])

    /// Without a `carbon` intensity nothing is said of emissions.
    package init(metrics: NodeMetrics = NodeMetrics(), energy: EnergyAccountant, carbon: CarbonIntensity?) {
        self.metrics = metrics
        self.energy = energy
        self.carbon = carbon
    }

    /// Grams of CO₂ equivalent per kilowatt-hour at present; nil while that is not known.
    package var carbonIntensity: Double? { carbon?.gramsPerKilowattHour }

    package func run() async throws {
        while await Pause.sleep(for: Self.settleInterval) {
            guard let settlement = energy.settle() else { continue }
            metrics.settled(settlement, intensity: carbon?.gramsPerKilowattHour)
            metrics.energy.setUtilisation(energy.utilisation)
        }
    }

    // MARK: - Calls

    /// Counts a call that is over on this node; returns its dynamic energy, and the grams of carbon that it stands for.
    func account(_ version: FunctionVersion, outcome: CallOutcome) -> (energy: EnergyReading, grams: Double) {
        let function = metrics.function(version.spec.name.text)
        function.finished(Self.result(of: outcome.failure), nanoseconds: outcome.phases.total)
        function.queued(nanoseconds: outcome.phases.queue)
        if let start = outcome.start { function.started(start == .cold ? .cold : .warm) }
        if outcome.start == .cold { function.started(.firstAnswer, nanoseconds: outcome.phases.run) }
        function.usedCPU(nanoseconds: outcome.cpuNanoseconds)
        let reading = energy.charge(version.spec.name.text, cpuNanoseconds: outcome.cpuNanoseconds)
        return (reading, carbon?.reading(joules: reading.joules)?.grams ?? 0)
    }

    /// Counts a call that was refused before it was made.
    func refused(_ function: FunctionName, because failure: CallFailure) {
        metrics.function(function.text).finished(Self.result(of: failure))
    }

    /// Counts an instance that has become ready.
    func instanceStarted(_ key: VersionKey, _ phases: CallPhases) {
        let function = metrics.function(key.function.text)
        function.started(.spawn, nanoseconds: phases.spawn - phases.exec)
        function.started(.exec, nanoseconds: phases.exec)
        function.started(.runtime, nanoseconds: phases.initialise - phases.function)
        function.started(.function, nanoseconds: phases.function)
    }

    /// Counts an instance that is started ahead of a call that is expected.
    func instancePrewarmed(_ key: VersionKey) { metrics.function(key.function.text).prewarmed() }

    func instanceForked(_ key: VersionKey) { metrics.function(key.function.text).forked() }

    func callsLinedUp(_ count: Int, takenBack: Int, of key: VersionKey) {
        metrics.function(key.function.text).linedUp(count, takenBack: takenBack)
    }

    func outputDropped(_ bytes: Int, of key: VersionKey) {
        metrics.function(key.function.text).droppedOutput(bytes: UInt64(clamping: bytes))
    }

    /// Counts an instance that a layer of the sandbox ended.
    func violated(_ key: VersionKey, kind: CallFailure.Kind) {
        let layer: ViolationLayer? =
            switch kind {
            case .seccomp: .seccomp
            case .memoryLimit: .memory
            case .processLimit: .processes
            case .cpuLimit: .cpu
            case .outputLimit: .output
            default: nil
            }
        if let layer { metrics.function(key.function.text).violated(layer) }
    }

    /// Counts a request that a function made through the egress broker.
    func requested(_ request: EgressRequest, by key: VersionKey) {
        let outcome = request.error.map { EgressOutcome(error: $0) } ?? .ok
        metrics.function(key.function.text).requested(outcome, bytesUp: request.bytesUp, bytesDown: request.bytesDown)
        if outcome == .denied { metrics.function(key.function.text).violated(.egress) }
    }

    /// Takes a number that a function reports about itself, under a name of the function's choice.
    func reported(_ metric: FunctionMetric, by key: VersionKey) {
        let name = "godwit_function_\(MetricName.metric(metric.name))"
        let isKnown = ownMetrics.withLock { names in
            if names.contains(name) { return true }
            guard names.count < Self.ownMetricLimit else { return false }
            names.insert(name)
            return true
        }
        guard isKnown, metric.value.isFinite else { return }
        let labels: MetricLabels = ["function": key.function.text]
        let help = "Reported by functions."
        switch metric.kind {
        case .counter:
            guard metric.value >= 0 else { return }
            metrics.registry.floatCounter("\(name)_total", help: help, labels: labels).add(metric.value)
        case .gauge:
            metrics.registry.gauge(name, help: help, labels: labels).set(metric.value)
        case .histogram:
            guard metric.value >= 0 else { return }
            // The function's own unit is not known, so no buckets fit; the sum and the count give the mean.
            metrics.registry.floatCounter("\(name)_sum", help: help, labels: labels).add(metric.value)
            metrics.registry.counter("\(name)_count", help: help, labels: labels).add()
        }
    }

    private static func result(of failure: CallFailure?) -> CallResult {
        guard let failure else { return .ok }
        return switch failure.kind {
        case .overloaded, .draining, .unplaceable, .quarantined: .rejected
        case .timeLimit, .expired: .timeout
        case .cancelled: .cancelled
        default: failure.origin == .function ? .functionError : .platformError
        }
    }

    // MARK: - What callers are told

    /// Appends the value of a header that is only known when a call is over.
    func append(_ header: ClosingHeader, of record: ExecutionRecord, to bytes: inout [UInt8]) {
        switch header {
        case .timing: appendTiming(of: record, to: &bytes)
        case .energy:
            let method = EnergyMethod.allCases.first { $0.text == record.use.energyMethod }
            EnergyReading(joules: record.use.joules, method: method ?? .model).appendHeader(to: &bytes)
        case .carbon:
            let use = record.use
            let intensity = use.joules > 0 ? use.grams / use.joules * 3.6e6 : carbon?.gramsPerKilowattHour ?? 0
            CarbonReading(joules: use.joules, intensity: intensity).appendHeader(to: &bytes)
        }
    }

    private func appendTiming(of record: ExecutionRecord, to bytes: inout [UInt8]) {
        var before: [UInt8] = []
        swap(&before, &bytes)
        // Whoever is not alone with an array copies it to append to it.
        var timing = ServerTiming(behind: consume before)
        timing.add("queue", nanoseconds: record.phases.queue)
        if record.start == .cold {
            timing.add("spawn", nanoseconds: record.phases.spawn)
            timing.add("exec", nanoseconds: record.phases.exec)
            timing.add("init", nanoseconds: record.phases.initialise)
            timing.add("function", nanoseconds: record.phases.function)
        }
        timing.add("run", nanoseconds: record.phases.run)
        timing.add("cpu", nanoseconds: record.use.cpuNanoseconds)
        bytes = timing.bytes
    }

    // MARK: - Asynchronous calls

    func asyncAccepted() { metrics.async.accepted() }
    func asyncCompleted() { metrics.async.completed() }
    func asyncRetried() { metrics.async.retried() }
    func asyncDied() { metrics.async.died() }
    func backlog(queued: Int, dead: Int) { metrics.async.setBacklog(queued: queued, dead: dead) }

    // MARK: - Placement

    /// Counts a choice of a node.
    func decided(_ decision: Decision, took nanoseconds: UInt64) {
        metrics.placement.decided(nanoseconds: nanoseconds)
        if decision.isExploration { metrics.placement.explored() }
        if decision.shadowDisagrees { metrics.placement.shadowDisagreed() }
    }

    /// Counts a call that is sent to a node.
    func placed(_ function: FunctionName, on node: NodeName) {
        metrics.placed(on: node.text, function: function.text)
    }

    /// Counts a call that is sent elsewhere after a node could not take it.
    func retriedElsewhere(_ kind: CallFailure.Kind) { metrics.placement.retried(because: kind.rawValue) }

    /// Counts a call that missed its function's objective.
    func missedObjective(_ function: FunctionName) { metrics.function(function.text).missedObjective() }

    /// Shows how a peer stands.
    func peerState(_ node: NodeName, _ state: MemberState) {
        let shown: PeerState =
            switch state {
            case .alive: .ready
            case .draining: .draining
            case .suspect: .suspect
            case .dead: .dead
            case .left, .removed: .removed
            }
        metrics.placement.setPeer(node.text, state: shown)
    }

    /// Shows how far away a peer is.
    func measured(_ member: Member) {
        guard let estimate = member.link.estimate else { return }
        metrics.placement.setRoundTrip(to: member.name.text, nanoseconds: UInt64(max(0, estimate) * 1e6))
    }

    // MARK: - The node

    /// Share of the machine's CPU time that is busy, 0 to 1.
    package var utilisation: Double { energy.utilisation }

    /// Power that the node takes at the moment, in watts, and how that is known.
    var watts: Double { energy.watts }
    var energyMethod: String { energy.method.text }

    /// Shows how many connections of clients there are on the loop that calls live on, and on others.
    func setConnections(near: Int, far: Int) { metrics.setConnections(near: near, far: far) }

    /// Counts records that were lost for want of room.
    package func recordsDropped(_ count: Int) { metrics.droppedRecords(UInt64(clamping: count)) }

    /// Counts an answer of the management API.
    func answered(route: String, status: Int) { metrics.route(route).answered(status: status) }

    /// Forgets the numbers of a function that was deleted.
    func forget(_ function: FunctionName) { metrics.forget(function: function.text) }

    /// Sets how many instances there are and how many calls wait.
    func setPools(_ census: [VersionKey: (starting: Int, idle: Int, busy: Int, queued: Int)]) {
        let byFunction = Dictionary(grouping: census, by: \.key.function)
        for (name, versions) in byFunction {
            let function = metrics.function(name.text)
            function.setInstances(versions.reduce(0) { $0 + $1.value.starting }, .starting)
            function.setInstances(versions.reduce(0) { $0 + $1.value.idle }, .idle)
            function.setInstances(versions.reduce(0) { $0 + $1.value.busy }, .busy)
            function.setQueueLength(versions.reduce(0) { $0 + $1.value.queued })
        }
    }

    /// All metrics as Prometheus reads them.
    func exposition() -> String {
        metrics.registry.exposition()
    }

    /// Whether the node takes no new calls because it shuts down.
    var isDraining: Bool { draining.load(ordering: .relaxed) }

    func beginDraining() { draining.store(true, ordering: .relaxed) }

    /// Whether the founder has removed this node from its continuum.
    var isShutOut: Bool { shutOut.load(ordering: .relaxed) }

    /// Sets ``isShutOut``; true when that is news.
    func setShutOut(_ isShutOut: Bool) -> Bool { shutOut.exchange(isShutOut, ordering: .relaxed) != isShutOut }
}
