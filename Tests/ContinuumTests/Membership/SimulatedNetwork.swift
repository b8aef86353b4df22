import Continuum
import Domain

/// Memberships that exchange messages in virtual time, with delay, loss and links that are cut.
struct SimulatedNetwork {
    private enum Event {
        case request(from: NodeName, to: NodeName, probe: Probe, reports: [NodeReport], life: Int)
        case response(to: NodeName, probe: Probe, reports: [NodeReport], sent: UInt64, life: Int)
        case timeout(NodeName, Probe, life: Int)
    }

    static let step: UInt64 = 10_000_000
    static let probeTimeout: UInt64 = 500_000_000

    private(set) var now: UInt64 = .seconds(1000)
    private(set) var nodes: [NodeName: Membership] = [:]
    private(set) var conflicts: Set<NodeName> = []
    let names: [NodeName]
    /// Share of messages that are lost.
    var loss = 0.0
    /// Steps that a message takes.
    var delay: ClosedRange<UInt64> = 1...4
    /// Whether messages from one node arrive at another.
    var reaches: (NodeName, NodeName) -> Bool = { _, _ in true }
    private var random: SimulatedRandom
    private var lives: [NodeName: Int] = [:]
    private var pending: [UInt64: [Event]] = [:]
    private var byAddress: [String: NodeName] = [:]
    private var offsets: [NodeName: UInt64] = [:]

    init(size: Int, seed: UInt64) throws {
        random = SimulatedRandom(seed: seed)
        names = try (0..<size).map { try NodeName("node-\($0)") }
        for name in names {
            byAddress[try SampleReport.make(name.text).address] = name
            offsets[name] = UInt64.random(in: 0..<10, using: &random)
            try start(name)
        }
    }

    /// Starts a node that knows the first two by their addresses.
    mutating func start(_ name: NodeName, incarnation: UInt64? = nil) throws {
        let report = try SampleReport.make(name.text, incarnation: incarnation ?? now / 1000)
        var node = Membership(local: report)
        for seed in names.prefix(2) { _ = node.add(peer: try SampleReport.make(seed.text).address, now: now) }
        nodes[name] = node
        lives[name, default: 0] += 1
    }

    mutating func kill(_ name: NodeName) { nodes[name] = nil }

    /// Lets a node do something.
    mutating func at(_ name: NodeName, _ body: (inout Membership, UInt64) -> [Membership.Action]) {
        guard var node = nodes[name] else { return }
        let actions = body(&node, now)
        nodes[name] = node
        perform(actions, by: name)
    }

    /// Runs for some virtual seconds, looking after every step.
    mutating func run(seconds: Double, watching: (SimulatedNetwork) -> Void = { _ in }) {
        let end = now + .seconds(seconds)
        while now < end {
            now += Self.step
            let index = now / Self.step
            for event in pending.removeValue(forKey: index) ?? [] { deliver(event) }
            for name in names where index % 10 == offsets[name] {
                at(name) { node, now in
                    node.update(load: NodeLoad(busy: Int(index % 7)), warm: [:], utilisation: 0, watts: 0)
                    return node.tick(now)
                }
            }
            watching(self)
        }
    }

    /// The nodes that `name` can use, itself left out.
    func usable(by name: NodeName) -> Set<NodeName> {
        Set(names.filter { $0 != name && nodes[name]?.isUsable($0) == true })
    }

    func state(of name: NodeName, at observer: NodeName) -> MemberState? {
        nodes[observer]?.member(name, now: now)?.state
    }

    /// Whether every live node can use exactly the other nodes among `expected`.
    func isConverged(on expected: Set<NodeName>) -> Bool {
        nodes.keys.allSatisfy { usable(by: $0) == expected.subtracting([$0]) }
    }

    private mutating func perform(_ actions: [Membership.Action], by name: NodeName) {
        for action in actions {
            switch action {
            case .changed: break
            case .conflict(let name, _): conflicts.insert(name)
            case .probe(let probe):
                let life = lives[name] ?? 0
                schedule(.timeout(name, probe, life: life), after: Self.probeTimeout / Self.step)
                guard let target = probe.name ?? byAddress[probe.address] else { continue }
                let reports = nodes[name]?.gossip(to: probe.name, now: now) ?? []
                send(
                    .request(from: name, to: target, probe: probe, reports: reports, life: life),
                    from: name,
                    to: target
                )
            }
        }
    }

    private mutating func deliver(_ event: Event) {
        switch event {
        case .request(let source, let target, let probe, let reports, let life):
            guard nodes[target] != nil else { return }
            at(target) { node, now in node.heard(reports, from: source, now: now) }
            let answer = nodes[target]?.gossip(to: source, now: now) ?? []
            send(.response(to: source, probe: probe, reports: answer, sent: now, life: life), from: target, to: source)
        case .response(let name, let probe, let reports, let sent, let life):
            guard life == lives[name], let first = reports.first else { return }
            let others = Array(reports.dropFirst())
            at(name) { node, now in
                node.probeAnswered(probe, report: first, others: others, roundTrip: now - sent, now: now)
            }
        case .timeout(let name, let probe, let life):
            guard life == lives[name] else { return }
            at(name) { node, now in node.probeFailed(probe, now: now) }
        }
    }

    private mutating func send(_ event: Event, from source: NodeName, to target: NodeName) {
        guard reaches(source, target), Double.random(in: 0..<1, using: &random) >= loss else { return }
        schedule(event, after: UInt64.random(in: delay, using: &random))
    }

    private mutating func schedule(_ event: Event, after steps: UInt64) {
        pending[now / Self.step + steps, default: []].append(event)
    }
}
