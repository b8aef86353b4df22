package import Domain

/// Who is in the continuum, as one node sees it: a pure state machine.
///
/// Every node probes every other about once a second and exchanges gossip with it (SWIM-like, but with direct probes of
/// all peers: a continuum has up to 1,024 nodes, and traffic is to avoid a dead one within 2 s). Two things are kept
/// apart: what is *said* of a node, the join of all reports (``NodeReport/merged(with:)``), and what was *measured* by
/// this node (``PeerHealth``). Measurements decide whether a peer is usable; what is said adds what only the node or an
/// operator can know (draining, left, removed), tells of nodes not met yet, and brings the next probe forward. So a node
/// that one peer cannot reach stays usable for all that can.
///
/// It does no I/O and knows no clock: times are monotonic nanoseconds and never go back. Each event returns what is to
/// be done.
package struct Membership: Sendable {
    /// What the shell is to do.
    package enum Action: Hashable, Sendable {
        /// Send gossip to a peer and report the outcome within 3 s.
        case probe(Probe)
        /// State, usability, incarnation or address of a node changed, or it was forgotten.
        case changed(NodeName)
        /// Two nodes bear one name: to be logged, once a minute for each name.
        case conflict(NodeName, addresses: [String])
    }

    /// Nodes that are known at most, this one included; as many addresses may be configured.
    package static let nodeLimit = 1024
    /// Reports that a message carries at most.
    package static let gossipLimit = 64
    /// Probes that one tick asks for at most.
    package static let probesPerTick = 128
    /// How often ``tick(_:)`` is to be called, in nanoseconds.
    package static let tickInterval: UInt64 = 100_000_000
    /// Longest time from one probe of a healthy peer to the next, in nanoseconds; they come up to a fifth early.
    package static let probeInterval: UInt64 = 1_000_000_000
    /// Longest time between probes of a dead or unknown peer, in nanoseconds.
    package static let backoffLimit: UInt64 = 10_000_000_000
    /// How long a dead, left or removed node is remembered, in nanoseconds.
    package static let memory: UInt64 = 86_400_000_000_000
    /// Time between two ticks from which on this node itself stood still, in nanoseconds.
    package static let stall: UInt64 = 1_000_000_000

    /// What this node says of itself.
    package internal(set) var local: NodeReport
    var peers: [NodeName: PeerRecord] = [:]
    var seeds: [SeedRecord] = []
    /// Names of the peers in the order in which they are passed on: the least recently sent first.
    var outbox: [NodeName] = []
    var lastTick: UInt64?
    var probeCount: UInt64 = 0
    var lastConflict: UInt64?

    /// A node that knows none but itself.
    package init(local: NodeReport) { self.local = local }

    /// Adds a configured address; false when it is not an address, is known already, or there are too many.
    package mutating func add(peer address: String, now: UInt64) -> Bool {
        guard (try? NodeReport.check(address: address)) != nil, seeds.count < Self.nodeLimit,
            !seeds.contains(where: { $0.address == address })
        else { return false }
        seeds.append(SeedRecord(address: address, now: now))
        if address == local.address { seeds[seeds.count - 1].isSelf = true }
        return true
    }

    /// Nanoseconds to wait after failures in a row: 1 s, doubled by each further one, up to 10 s.
    static func backoff(afterFailures failures: Int) -> UInt64 {
        min(probeInterval << UInt64(min(max(failures - 1, 0), 8)), backoffLimit)
    }

    /// Changes a peer and says whether that is seen from outside.
    mutating func change(_ name: NodeName, now: UInt64, _ body: (inout PeerRecord) -> Void) -> [Action] {
        guard var peer = peers[name] else { return [] }
        let before = peer.standing
        body(&peer)
        peer.settle(now)
        peers[name] = peer
        guard peer.standing != before else { return [] }
        promote(name)
        return [.changed(name)]
    }

    /// Lets a peer be passed on with the next message.
    mutating func promote(_ name: NodeName) {
        guard outbox.first != name, let index = outbox.firstIndex(of: name) else { return }
        outbox.remove(at: index)
        outbox.insert(name, at: 0)
    }
}
