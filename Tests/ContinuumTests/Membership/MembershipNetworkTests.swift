import Continuum
import Domain
import Testing

/// Whole continua in virtual time.
struct MembershipNetworkTests {
    @Test("all nodes find one another through two configured addresses", arguments: [5, 8, 13, 20])
    func convergence(size: Int) throws {
        var network = try SimulatedNetwork(size: size, seed: UInt64(size))
        network.run(seconds: 6)
        #expect(network.isConverged(on: Set(network.names)))
        for name in network.names {
            #expect(network.nodes[name]?.members(network.now).count == size)
            #expect(network.nodes[name]?.members(network.now).allSatisfy { $0.reason.isEmpty } == true)
        }
        #expect(network.conflicts.isEmpty)
    }

    @Test("a killed node is usable nowhere after 2 s, and dead soon after", arguments: 0..<6)
    func kill(seed: UInt64) throws {
        var network = try SimulatedNetwork(size: 8, seed: seed)
        network.run(seconds: 5 + Double(seed) / 7)
        let victim = network.names[Int(seed) % 8]
        network.kill(victim)
        let killed = network.now
        network.run(seconds: 3) { network in
            guard network.now > killed + .seconds(2) else { return }
            #expect(network.nodes.values.allSatisfy { !$0.isUsable(victim) })
        }
        #expect(network.nodes.keys.allSatisfy { network.state(of: victim, at: $0) == .dead })
        #expect(network.isConverged(on: Set(network.names).subtracting([victim])))
    }

    @Test("a node that restarts comes back everywhere, after two answers", arguments: 0..<4)
    func restart(seed: UInt64) throws {
        var network = try SimulatedNetwork(size: 6, seed: 40 + seed)
        network.run(seconds: 5)
        let victim = network.names[Int(seed)]
        network.kill(victim)
        network.run(seconds: 20 + Double(seed) * 10)
        try network.start(victim)
        let started = network.now
        var first: UInt64?
        network.run(seconds: 12) { network in
            if first == nil, network.nodes.contains(where: { $0.key != victim && $0.value.isUsable(victim) }) {
                first = network.now
            }
        }
        #expect(network.isConverged(on: Set(network.names)))
        let back = try #require(first)
        #expect(back >= started + ProbeTimes.hurried)
    }

    @Test("a restart so quick that nobody notices is a new incarnation and no fall")
    func quickRestart() throws {
        var network = try SimulatedNetwork(size: 5, seed: 3)
        network.run(seconds: 5)
        let victim = network.names[3]
        let before = network.nodes[victim]?.local.incarnation ?? 0
        network.kill(victim)
        try network.start(victim)
        network.run(seconds: 4)
        #expect(network.isConverged(on: Set(network.names)))
        for name in network.names {
            #expect((network.nodes[name]?.member(victim, now: network.now)?.report.incarnation ?? 0) > before)
        }
    }

    @Test("with messages lost no healthy node is dead for good", arguments: [0.01, 0.03, 0.06])
    func loss(share: Double) throws {
        var network = try SimulatedNetwork(size: 7, seed: 11)
        network.loss = share
        network.run(seconds: 60)
        // Half of the pairs at least are usable at any time, and when the loss ends all are.
        let usable = network.names.map { network.usable(by: $0).count }.reduce(0, +)
        #expect(usable >= 21)
        network.loss = 0
        network.run(seconds: 15)
        #expect(network.isConverged(on: Set(network.names)))
    }

    @Test("a killed node is unusable within 2 s of its death although messages are lost", arguments: 0..<3)
    func lossyKill(seed: UInt64) throws {
        var network = try SimulatedNetwork(size: 6, seed: 70 + seed)
        network.loss = 0.03
        network.delay = 1...15
        network.run(seconds: 8)
        let victim = network.names[4]
        network.kill(victim)
        network.run(seconds: 2)
        // What was on its way when it died arrives up to 150 ms later.
        network.run(seconds: 0.15)
        #expect(network.nodes.values.allSatisfy { !$0.isUsable(victim) })
    }

    @Test("a partition splits the view, and heals", arguments: [3.0, 30.0, 120.0])
    func partition(seconds: Double) throws {
        var network = try SimulatedNetwork(size: 6, seed: 5)
        network.run(seconds: 5)
        let left = Set(network.names.prefix(3))
        network.reaches = { left.contains($0) == left.contains($1) }
        network.run(seconds: seconds)
        for name in network.names {
            let side = left.contains(name) ? left : Set(network.names).subtracting(left)
            #expect(network.usable(by: name) == side.subtracting([name]))
        }
        network.reaches = { _, _ in true }
        network.run(seconds: 15)
        #expect(network.isConverged(on: Set(network.names)))
    }

    @Test("a node that one peer cannot reach stays usable for all others")
    func asymmetry() throws {
        var network = try SimulatedNetwork(size: 6, seed: 6)
        network.run(seconds: 5)
        let (blind, hidden) = (network.names[4], network.names[5])
        network.reaches = { !($0 == blind && $1 == hidden) }
        network.run(seconds: 3)
        let incarnation = network.nodes[hidden]?.local.incarnation ?? 0
        network.run(seconds: 40) { network in
            for name in network.names where name != blind && name != hidden {
                #expect(network.nodes[name]?.isUsable(hidden) == true)
            }
            #expect(network.nodes[blind]?.isUsable(hidden) == false)
        }
        // It refuted once and is not accused for ever.
        #expect((network.nodes[hidden]?.local.incarnation ?? 0) <= incarnation + 1)
        #expect(network.nodes[network.names[0]]?.member(hidden, now: network.now)?.report.state == .alive)
        network.reaches = { _, _ in true }
        network.run(seconds: 15)
        #expect(network.isConverged(on: Set(network.names)))
    }

    @Test("a removal spreads, also to those that could not hear it, and holds until the node joins again")
    func removal() throws {
        var network = try SimulatedNetwork(size: 6, seed: 8)
        network.run(seconds: 5)
        let (operated, removed, deaf) = (network.names[0], network.names[3], network.names[5])
        network.reaches = { $0 != deaf && $1 != deaf }
        network.run(seconds: 3)
        let time = Timestamp(microseconds: Int64(network.now / 1000))
        network.at(operated) { $0.remove(removed, at: time, now: $1) }
        network.run(seconds: 3)
        network.reaches = { _, _ in true }
        network.run(seconds: 15)
        #expect(network.nodes[removed]?.isRemoved == true)
        for name in network.names {
            #expect(network.nodes[name]?.isUsable(removed) == false)
            #expect(network.state(of: removed, at: name) == .removed)
        }
        network.kill(removed)
        try network.start(removed)
        network.run(seconds: 15)
        #expect(network.isConverged(on: Set(network.names)))
    }

    @Test("who drains or leaves is used no more, and who resumes is")
    func drainAndLeave() throws {
        var network = try SimulatedNetwork(size: 5, seed: 9)
        network.run(seconds: 5)
        let (drained, gone) = (network.names[1], network.names[2])
        network.at(drained) { node, _ in node.drain() }
        network.run(seconds: 1.5)
        #expect(network.nodes.keys.allSatisfy { network.state(of: drained, at: $0) == .draining })
        #expect(network.nodes.values.allSatisfy { !$0.isUsable(drained) })
        network.at(drained) { node, _ in node.resume() }
        network.at(gone) { node, _ in node.leave() }
        network.run(seconds: 1.5)
        network.kill(gone)
        network.run(seconds: 5)
        #expect(network.isConverged(on: Set(network.names).subtracting([gone])))
        #expect(network.nodes.keys.allSatisfy { network.state(of: gone, at: $0) == .left })
    }

    @Test("the simulation replays by its seed")
    func replay() throws {
        func history() throws -> [Int] {
            var network = try SimulatedNetwork(size: 5, seed: 21)
            network.loss = 0.1
            var counts: [Int] = []
            network.run(seconds: 10) { network in
                counts.append(network.names.map { network.usable(by: $0).count }.reduce(0, +))
            }
            return counts
        }
        #expect(try history() == history())
    }

    /// Times of the schedule as the outside sees them.
    private enum ProbeTimes {
        /// Least time between two probes of one peer, less a fifth.
        static let hurried: UInt64 = 320_000_000
    }
}
