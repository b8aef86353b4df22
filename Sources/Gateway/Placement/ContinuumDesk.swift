package import Continuum
package import Domain
package import Logging
package import NIOCore
package import Scheduler
import Telemetry

/// What this node knows of the others, and which of them takes a call.
///
/// Confined to the event loop that calls live on: deciding takes no lock and no hop. It joins the pure parts (who is there,
/// how good the ways are, what was learned) with the connections to peers.
package final class ContinuumDesk {
    let node: NodeDescription
    let eventLoop: any EventLoop
    let telemetry: GatewayTelemetry
    let logger: Logger
    let localLoad: (FunctionVersion?) -> NodeLoad
    var placer: Placer
    var membership: Membership?
    var links: [NodeName: PeerLink] = [:]
    var breakers: [NodeName: CircuitBreaker] = [:]
    var seedLinks: [String: PeerLink] = [:]
    private var tls: PeerTLS?
    private var random = Xoshiro256()
    private var decisions: DecisionLog
    private var traffic = TrafficWindow()
    var placed: [NodeName: UInt64] = [:]
    var inFlight: [NodeName: Int] = [:]
    private var secrets = SecretReach()
    private var shelf: BundleShelf?
    private var sending: [String: EventLoopFuture<Void>] = [:]
    /// Whether this node itself runs functions.
    let isExecutor: Bool
    private let bundles: BundleIndex
    private let quarantine: Quarantine
    let clock: GatewayClock
    /// Told when something happened that peers should hear of at once.
    var onNews: (() -> Void)?

    /// `localLoad` says how busy this node is, and how many instances of a version idle.
    package init(
        node: NodeDescription,
        settings: PlacementSettings,
        isExecutor: Bool,
        bundles: BundleIndex,
        quarantine: Quarantine,
        eventLoop: any EventLoop,
        telemetry: GatewayTelemetry,
        records: RecordKeeper,
        clock: GatewayClock,
        logger: Logger,
        localLoad: @escaping (FunctionVersion?) -> NodeLoad
    ) {
        self.node = node
        self.isExecutor = isExecutor
        self.bundles = bundles
        self.quarantine = quarantine
        self.eventLoop = eventLoop
        self.telemetry = telemetry
        self.clock = clock
        self.logger = logger
        self.localLoad = { version in
            var load = localLoad(version)
            load.carbonIntensity = telemetry.carbonIntensity
            return load
        }
        self.placer = Placer(local: node, settings: settings)
        self.decisions = DecisionLog(records: records)
        if !isExecutor { placer.setAvailability(.unavailable(reason: "it runs no functions"), of: node.name) }
    }

    /// Nanoseconds of the monotonic clock.
    func now() -> UInt64 { Monotonic.now() }

    // MARK: - Deciding

    /// Chooses where a call runs and remembers why, under the number that it returns.
    ///
    /// `barred` are nodes that were tried already, and why they are out; `earlier` is the number of the decision about the
    /// same call that this one replaces.
    func decide(
        _ plan: CallPlan,
        bytes: Int,
        barred: [NodeName: String],
        replacing earlier: Int? = nil
    ) -> (Decision, number: Int) {
        let began = now()
        if membership != nil { refreshLocalLoad(for: plan.version, now: began) }
        var barred = barred
        if let objection = quarantine.objection(to: plan.version) { barred[node.name] = objection }
        let question = PlacementQuestion(
            version: plan.version,
            origin: plan.origin == nil ? node.site : plan.origin?.site,
            requestBytes: UInt64(bytes),
            preference: plan.preference,
            barred: secrets.barred(for: plan.version.spec, adding: barred),
            staysLocal: plan.origin != nil,
            now: began
        )
        let decision = placer.decide(question, using: &random)
        let took = now() - began
        telemetry.decided(decision, took: took)
        let number = decisions.add(decision, of: plan.id, replacing: earlier, at: clock.now(), took: took)
        return (decision, number)
    }

    /// Why no node was chosen, in words.
    func reason(of decision: Decision) -> String { decision.refusal ?? "no node may run it" }

    /// What this node does right now, as the placer is told before it decides.
    private func refreshLocalLoad(for version: FunctionVersion, now: UInt64) {
        let load = localLoad(version)
        placer.report(load, from: node.name, warm: version.digest, count: load.warm ?? 0, at: now)
    }

    /// How busy this node is, for a peer.
    func load(for version: FunctionVersion?) -> NodeLoad { localLoad(version) }

    // MARK: - What becomes of a call

    func began(_ decision: Decision, of function: FunctionName) {
        guard let chosen = decision.chosen else { return }
        placer.began(decision, on: chosen)
        placed[chosen, default: 0] += 1
        inFlight[chosen, default: 0] += 1
        if membership != nil { telemetry.placed(function, on: chosen) }
    }

    func ended(_ observation: Observation) {
        inFlight[observation.node, default: 1] -= 1
        placer.ended(observation)
        if observation.requestBytes >= UInt64(LinkMeter.transferMinimum), observation.wasStarted {
            let moving =
                observation.totalMilliseconds - observation.queueMilliseconds - observation.coldMilliseconds
                - observation.executionMilliseconds
            if moving > 0 {
                membership?.transferred(
                    observation.node,
                    bytes: Int(observation.requestBytes),
                    in: UInt64(moving * 1e6)
                )
            }
        }
    }

    /// A call is over, after all its attempts; `decision` is the number of the last decision about it.
    func finished(_ plan: CallPlan, decision: Int, observed: ObservedOutcome, grams: Double) {
        guard plan.origin == nil else { return }
        decisions.join(decision, of: plan.id, with: observed)
        let objective = plan.version.spec.objective
        let isMissed = objective.map { observed.milliseconds > $0.latency.inSeconds * 1000 } ?? false
        traffic.add(observed, grams: grams, isMissed: isMissed, at: now())
        if isMissed { telemetry.missedObjective(plan.version.spec.name) }
    }

    func retried(because kind: CallFailure.Kind) { telemetry.retriedElsewhere(kind) }

    /// The report about a recent decision; nil when it is not remembered here any more.
    func decision(_ id: ExecutionID) -> DecisionReport? { decisions.report(of: id) }

    /// The newest decisions, newest first.
    func recentDecisions(_ count: Int) -> [DecisionReport] { decisions.newest(count) }

    /// Where calls went in the last seconds.
    func trafficReport(seconds: Int) -> TrafficReport { traffic.report(seconds: seconds, at: now()) }

    // MARK: - Settings

    var settings: PlacementSettings {
        get { placer.settings }
        set { placer.settings = newValue }
    }

    func set(_ weights: WeightRevision) { placer.setWeights(weights) }

    func set(_ reach: SecretReach) { secrets = reach }

    func forget(_ function: FunctionName) { placer.forget(function) }

    // MARK: - Peers

    /// Enters the continuum: from now on others are probed and may take calls.
    package func enter(
        _ report: NodeReport,
        peers: [PeerAddress],
        founder: NodeName,
        tls: PeerTLS,
        shelf: BundleShelf
    ) {
        self.founder = founder
        var membership = Membership(local: report)
        for peer in peers { _ = membership.add(peer: peer.text, now: now()) }
        self.membership = membership
        self.tls = tls
        self.shelf = shelf
    }

    /// A renewed certificate: connections made from now on show it.
    package func use(_ tls: PeerTLS) {
        self.tls = tls
        for link in Array(links.values) + Array(seedLinks.values) { link.shutDown() }
        links = [:]
        seedLinks = [:]
    }

    /// The way to a node and its tier, where it is known and may be called.
    func target(_ name: NodeName) -> (link: PeerLink, tier: Tier)? {
        guard let member = membership?.member(name, now: now()), let link = link(to: name, at: member.report.address)
        else { return nil }
        return (link, member.report.description.tier)
    }

    /// The connections to a node at an address.
    func link(to name: NodeName, at address: String) -> PeerLink? {
        guard let tls, let address = try? PeerAddress(address) else { return nil }
        if let link = links[name], link.address == address { return link }
        links[name]?.shutDown()
        let link = PeerLink(name: name, address: address, tls: tls.named, eventLoop: eventLoop)
        links[name] = link
        return link
    }

    /// The connections to an address at which it is not known yet who answers.
    func link(toSeed address: String) -> PeerLink? {
        if let link = seedLinks[address] { return link }
        guard let tls, let parsed = try? PeerAddress(address) else { return nil }
        let link = PeerLink(name: nil, address: parsed, tls: tls.unnamed, eventLoop: eventLoop)
        seedLinks[address] = link
        return link
    }

    /// A node said how busy it is, with an answer.
    func reported(_ load: NodeLoad, by name: NodeName, running version: FunctionVersion) {
        let now = now()
        placer.report(load, from: name, warm: version.digest, count: load.warm ?? 0, at: now)
        if let actions = membership?.answered(name, load: load, now: now) { apply(actions) }
    }

    /// A call got its answer from a node.
    func answered(_ name: NodeName) {
        guard membership != nil else { return }
        let before = breakers[name]?.state
        breakers[name, default: CircuitBreaker()].succeeded()
        if before != breakers[name]?.state { updateAvailability(of: name) }
    }

    /// The connection to a node broke during a call.
    func lost(_ name: NodeName, because reason: String) {
        guard membership != nil else { return }
        logger.info("a call lost its node", metadata: ["node": "\(name)", "reason": "\(reason)"])
        breakers[name, default: CircuitBreaker()].failed(now(), using: &random)
        if let actions = membership?.callFailed(name, now: now()) { apply(actions) }
        updateAvailability(of: name)
    }

    /// Sends a node the bundle of a version, once however many calls ask for it.
    func sendBundle(_ version: FunctionVersion, to name: NodeName) -> EventLoopFuture<Void> {
        let key = "\(name) \(version.digest)"
        if let running = sending[key] { return running }
        if name == node.name {
            let fetched = fetchBundle(version)
            sending[key] = fetched
            fetched.assumeIsolated().whenComplete { [weak self] _ in self?.sending[key] = nil }
            return fetched
        }
        guard let shelf, let (link, _) = target(name) else {
            return eventLoop.makeFailedFuture(PeerLoss(mayHaveStarted: false, reason: "node '\(name)' is not known"))
        }
        logger.info(
            "a node is sent a bundle",
            metadata: ["node": "\(name)", "function": "\(version.spec.name)@\(version.number)"]
        )
        // What this node is still waiting for itself it can only pass on afterwards.
        let ready =
            bundles.contains(version.digest)
            ? eventLoop.makeSucceededVoidFuture() : sendBundle(version, to: node.name)
        let (bound, eventLoop) = (NIOLoopBound(link, eventLoop: eventLoop), eventLoop)
        let sent = ready.flatMap { shelf.send(version, over: bound.value, eventLoop: eventLoop) }
        sending[key] = sent
        sent.assumeIsolated().whenComplete { [weak self] _ in self?.sending[key] = nil }
        return sent
    }

    /// Gets the bundle of a version from another node, where there is one, without anybody waiting for it.
    package func fetch(_ version: FunctionVersion) {
        guard membership != nil else { return }
        _ = sendBundle(version, to: node.name)
    }

    /// Asks the others, the founder first, to send this node the bundle of a version.
    private func fetchBundle(_ version: FunctionVersion) -> EventLoopFuture<Void> {
        let others = (membership?.members(now()) ?? []).filter { $0.name != node.name && $0.isUsable }
        let ordered = others.filter { $0.name == founder } + others.filter { $0.name != founder }
        let request = PeerRequest(
            method: "POST",
            target: "/peer/v1/bundles/\(version.digest.hex)/send?function=\(version.spec.name):\(version.number)",
            headers: [HeaderField("host", "peer")]
        )
        var result: EventLoopFuture<Void> = eventLoop.makeFailedFuture(
            PeerLoss(mayHaveStarted: false, reason: "no node that could send it can be reached")
        )
        let eventLoop = eventLoop
        for member in ordered.prefix(4) {
            guard let link = link(to: member.name, at: member.report.address) else { continue }
            let bound = NIOLoopBound(link, eventLoop: eventLoop)
            result = result.flatMapError { _ in
                PeerExchange.send(request, over: bound.value, within: .minutes(5), eventLoop: eventLoop)
                    .flatMapThrowing { answer in
                        guard answer.status == 204 else {
                            throw PeerLoss(mayHaveStarted: false, reason: "no node that has the bundle can be reached")
                        }
                    }
            }
        }
        return result
    }

    /// Idle instances by digest; set by the node, which knows its pools.
    package var warmCounts: () -> [String: Int] = { [:] }

    /// The node that takes changes of functions, weights and access; nil where there is no continuum.
    private(set) var founder: NodeName?
}
