package import Domain

extension Membership {
    /// Time went by: says whom to probe, and which peers fell silent.
    ///
    /// To be called every ``tickInterval``. Where this node itself stood still for a second or more, the time that it
    /// lost is not held against its peers.
    package mutating func tick(_ now: UInt64) -> [Action] {
        let lost = lastTick.map { now > $0 ? now - $0 : 0 } ?? 0
        lastTick = now
        if lost >= Self.stall {
            for name in peers.keys { peers[name]?.excuse(lost - Self.tickInterval, now: now) }
        }
        var actions: [Action] = []
        let affected = peers.filter { $0.value.isAffected(by: now) }.keys
        for name in affected.sorted(by: { $0.text < $1.text }) { actions += pass(name, now: now) }
        guard local.state.rank < MemberState.left.rank else { return actions }
        return actions + dueProbes(now)
    }

    /// A peer answered: with its own report, others that it passes on, and the round-trip time in nanoseconds.
    package mutating func probeAnswered(
        _ probe: Probe,
        report: NodeReport,
        others: [NodeReport],
        roundTrip: UInt64,
        now: UInt64
    ) -> [Action] {
        seedAnswered(probe, by: report, now: now)
        var actions: [Action] = []
        // Somebody else is at its address.
        if let name = probe.name, name != report.name { actions += probeFailed(probe, now: now) }
        actions += take(report, isDirect: true, now: now)
        let spread = spread(report.name, probe.number)
        actions += change(report.name, now: now) { peer in
            let isOurs = peer.schedule.ended(probe.number)
            // Otherwise an old self of it answered, or a namesake, of which `take` complained.
            if peer.ownAddress == report.address {
                peer.answered(roundTrip: roundTrip, now: now)
            } else if !isOurs {
                return
            }
            peer.schedule.plan(after: peer.interval, now: now, spread: spread)
        }
        actions += heard(others.filter { $0.name != report.name }, from: report.name, now: now)
        var seen: Set<Action> = []
        return actions.filter { seen.insert($0).inserted }
    }

    /// A probe failed or was not answered in time.
    package mutating func probeFailed(_ probe: Probe, now: UInt64) -> [Action] {
        guard let name = probe.name else {
            if let index = seeds.firstIndex(where: { $0.address == probe.address }),
                seeds[index].schedule.ended(probe.number)
            {
                seeds[index].failed(now, spread: spread(local.name, probe.number))
            }
            return []
        }
        let spread = spread(name, probe.number)
        return change(name, now: now) { peer in
            if peer.schedule.ended(probe.number) { peer.probeFailed(now: now, spread: spread) }
        }
    }

    /// A call to a node lost its connection: it is suspect at once, and probed.
    package mutating func callFailed(_ name: NodeName, now: UInt64) -> [Action] {
        change(name, now: now) { $0.callFailed(now: now) }
    }

    /// A call to a node was answered, with its load: a sign of life.
    package mutating func answered(_ name: NodeName, load: NodeLoad, now: UInt64) -> [Action] {
        change(name, now: now) { $0.carried(load, now: now) }
    }

    /// A body of `bytes` went to or came from a node in `duration` nanoseconds.
    package mutating func transferred(_ name: NodeName, bytes: Int, in duration: UInt64) {
        peers[name]?.link.transferred(bytes: bytes, in: duration)
    }

    /// Lets time pass for one peer.
    private mutating func pass(_ name: NodeName, now: UInt64) -> [Action] {
        // For a second day it is known but not shown, so that those who forget it later do not bring it back.
        if peers[name]?.isGone(for: 2 * Self.memory, now: now) == true {
            forget(name)
            return []
        }
        let spread = spread(name, now)
        return change(name, now: now) { peer in
            if peer.schedule.expire(now) { peer.probeFailed(now: now, spread: spread) }
            peer.timePassed(now: now)
        }
    }

    /// The probes that are due, the most overdue first.
    private mutating func dueProbes(_ now: UInt64) -> [Action] {
        for index in seeds.indices where seeds[index].schedule.expire(now) {
            seeds[index].failed(now, spread: spread(local.name, now))
        }
        var due = peers.compactMap { name, peer -> (next: UInt64, address: String, name: NodeName?)? in
            guard peer.isProbed, !peer.isForgotten, peer.schedule.isDue(now) else { return nil }
            return (peer.schedule.next, peer.probeAddress, name)
        }
        for seed in seeds where seed.schedule.isDue(now) && !isMet(seed) {
            due.append((seed.schedule.next, seed.address, nil))
        }
        due.sort { ($0.next, $0.address, $0.name?.text ?? "") < ($1.next, $1.address, $1.name?.text ?? "") }
        return due.prefix(Self.probesPerTick).map { _, address, name in
            probeCount += 1
            if let name {
                peers[name]?.schedule.sent(probeCount, at: now)
            } else if let index = seeds.firstIndex(where: { $0.address == address }) {
                seeds[index].schedule.sent(probeCount, at: now)
            }
            return .probe(Probe(address: address, name: name, number: probeCount))
        }
    }

    /// Whether a configured address needs no probe of its own: it is this node's, or that of a peer that is probed.
    private func isMet(_ seed: SeedRecord) -> Bool {
        func isThere(_ peer: PeerRecord) -> Bool { !peer.state.isGone }
        if seed.isSelf { return true }
        if let name = seed.name, let peer = peers[name], isThere(peer) { return true }
        return peers.values.contains { $0.believed.address == seed.address && isThere($0) }
    }

    private mutating func seedAnswered(_ probe: Probe, by report: NodeReport, now: UInt64) {
        guard probe.name == nil, let index = seeds.firstIndex(where: { $0.address == probe.address }),
            seeds[index].schedule.ended(probe.number)
        else { return }
        seeds[index].isSelf = report.name == local.name && report.address == local.address
        seeds[index].answered(by: report.name, now: now)
    }

    /// A number that differs from peer to peer and from probe to probe, and between two nodes that probe one another.
    private func spread(_ name: NodeName, _ number: UInt64) -> UInt64 {
        NodeHash.value(of: "\(local.name.text) \(number)", on: name)
    }
}
