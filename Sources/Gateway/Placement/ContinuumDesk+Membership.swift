import Continuum
import Domain
import Logging
import Scheduler

/// Who is there: probing, gossip, and what follows from it for placement.
extension ContinuumDesk {
    /// What a node that was removed says of itself.
    static let shutOutText =
        "removed from its continuum; to come back, ask for an invitation at the founder and run `godwit join --force`"

    /// The founder has removed this node: it is not ready from now on, and says why.
    func shutOut() {
        if telemetry.setShutOut(true) { logger.error("\(Self.shutOutText)") }
    }

    /// Whether this node is part of a continuum.
    var isMember: Bool { membership != nil }

    /// Time went by: whom to probe now, and with what to say.
    func tick() -> [(probe: Probe, link: PeerLink, gossip: [NodeReport])] {
        guard membership != nil else { return [] }
        let now = now()
        for (name, breaker) in breakers where breaker.state != "closed" { updateAvailability(of: name) }
        let actions = membership?.tick(now) ?? []
        apply(actions)
        return probes(actions)
    }

    /// Probes of all that answer, at once: something happened that they should hear of.
    func probeAll() -> [(probe: Probe, link: PeerLink, gossip: [NodeReport])] {
        (membership?.members(now()) ?? []).compactMap { member in
            guard member.name != node.name, !member.state.isGone else { return nil }
            return probe(Probe(address: member.report.address, name: member.name, number: 0))
        }
    }

    private func probes(_ actions: [Membership.Action]) -> [(probe: Probe, link: PeerLink, gossip: [NodeReport])] {
        actions.compactMap { action in
            guard case .probe(let probe) = action else { return nil }
            return self.probe(probe)
        }
    }

    private func probe(_ probe: Probe) -> (probe: Probe, link: PeerLink, gossip: [NodeReport])? {
        let link: PeerLink? =
            if let name = probe.name { self.link(to: name, at: probe.address) } else { link(toSeed: probe.address) }
        return link.map { (probe, $0, gossip(to: probe.name)) }
    }

    /// What this node says to another.
    func gossip(to name: NodeName?) -> [NodeReport] {
        refreshLocalReport()
        return membership?.gossip(to: name, now: now()) ?? []
    }

    private func refreshLocalReport() {
        let load = localLoad(nil)
        membership?.update(
            load: load,
            warm: warmCounts(),
            utilisation: load.utilisation,
            watts: telemetry.watts,
            energyMethod: telemetry.energyMethod
        )
    }

    func probeAnswered(_ probe: Probe, reports: [NodeReport], roundTrip: UInt64) {
        guard let first = reports.first else { return probeFailed(probe) }
        // The number 0 is of a probe that no tick asked for.
        if probe.number == 0 {
            heard(reports, from: first.name)
        } else if let actions = membership?.probeAnswered(
            probe,
            report: first,
            others: Array(reports.dropFirst()),
            roundTrip: roundTrip,
            now: now()
        ) {
            apply(actions)
            learn(reports)
        }
    }

    func probeFailed(_ probe: Probe) {
        guard probe.number != 0, let actions = membership?.probeFailed(probe, now: now()) else { return }
        apply(actions)
    }

    func heard(_ reports: [NodeReport], from name: NodeName) {
        if let actions = membership?.heard(reports, from: name, now: now()) { apply(actions) }
        learn(reports)
    }

    /// Takes loads and links over into what placement reckons with.
    private func learn(_ reports: [NodeReport]) {
        let now = now()
        for report in reports where report.name != node.name {
            guard let member = membership?.member(report.name, now: now) else { continue }
            var warm: [Digest: Int] = [:]
            for (text, count) in member.report.warm {
                if let digest = try? Digest(text) { warm[digest] = count }
            }
            placer.report(member.load, from: report.name, warm: warm, at: now)
            measure(member)
        }
    }

    private func measure(_ member: Member) {
        guard let roundTrip = member.link.estimate else { return }
        placer.measured(
            LinkEstimate(
                roundTripMilliseconds: roundTrip,
                bytesPerMillisecond: member.link.bandwidth(reachedBy: 0.75)
                    ?? LinkEstimate.unknown.bytesPerMillisecond
            ),
            to: member.name
        )
        telemetry.measured(member)
    }

    func apply(_ actions: [Membership.Action]) {
        for action in actions {
            switch action {
            case .probe: break
            case .changed(let name): changed(name)
            case .conflict(let name, let addresses):
                logger.error(
                    "two nodes bear one name; remove one of them",
                    metadata: ["node": "\(name)", "addresses": "\(addresses.joined(separator: ", "))"]
                )
            }
        }
    }

    private func changed(_ name: NodeName) {
        guard name != node.name else {
            placer.setAvailability(localAvailability, of: name)
            if membership?.isRemoved == true { shutOut() }
            onNews?()
            return
        }
        guard let member = membership?.member(name, now: now()) else {
            placer.remove(name)
            links.removeValue(forKey: name)?.shutDown()
            return
        }
        placer.update(member.report.description)
        measure(member)
        updateAvailability(of: name)
        logger.info("a node changed", metadata: ["node": "\(name)", "state": "\(member.state.rawValue)"])
        onNews?()
    }

    private var localAvailability: Availability {
        guard isExecutor else { return .unavailable(reason: "it runs no functions") }
        guard let membership, !membership.isUsable(node.name) else { return .available }
        return .unavailable(reason: membership.member(node.name, now: now())?.reason ?? "draining")
    }

    func updateAvailability(of name: NodeName) {
        guard let member = membership?.member(name, now: now()) else { return }
        let availability: Availability
        if !member.isUsable {
            availability = .unavailable(reason: member.reason)
        } else if !member.report.roles.contains(.executor) {
            availability = .unavailable(reason: "it runs no functions")
        } else if breakers[name]?.mayCall(now()) == false {
            availability = .unavailable(reason: "the way to it failed too often; it is tried again soon")
        } else {
            availability = .available
        }
        placer.setAvailability(availability, of: name)
        telemetry.peerState(name, member.state)
    }

    // MARK: - For the API

    /// All nodes that are known, this one included.
    func members() -> [Member] {
        refreshLocalReport()
        return membership?.members(now()) ?? []
    }

    /// Names of the nodes that count: neither left nor removed.
    var names: [NodeName] {
        let all = membership?.members(now()).filter { $0.state != .left && $0.state != .removed }.map(\.name)
        return all ?? [node.name]
    }

    /// Calls that were sent to a node since the start, and those that run there now.
    func placements(on name: NodeName) -> (total: UInt64, running: Int) {
        (placed[name] ?? 0, max(0, inFlight[name] ?? 0))
    }

    func linkStatus(of member: Member) -> LinkStatus {
        LinkStatus(
            address: member.report.address,
            fastMilliseconds: member.link.fast,
            slowMilliseconds: member.link.slow,
            bandwidth: member.link.bandwidth().map { $0 / 1000 },
            breaker: breakers[member.name]?.state ?? "closed",
            inFlight: placements(on: member.name).running
        )
    }

    func drain() { apply(membership?.drain() ?? []) }
    func resume() { apply(membership?.resume() ?? []) }
    func leave() { apply(membership?.leave() ?? []) }
    func remove(_ name: NodeName) {
        if let actions = membership?.remove(name, at: clock.now(), now: now()) { apply(actions) }
    }

    /// Whether a node is there and may be called.
    func isUsable(_ name: NodeName) -> Bool { membership?.isUsable(name) ?? (name == node.name) }

    /// What must always hold of the accounts, and does not; `live` is how many calls are in flight.
    func brokenInvariants(live: Int) -> [String] {
        var broken: [String] = []
        for (name, count) in inFlight where count < 0 { broken.append("\(count) calls in flight on \(name)") }
        let sum = inFlight.values.reduce(0, +)
        if sum > live { broken.append("\(sum) calls are counted in flight, \(live) are") }
        return broken
    }

    func shutDown() {
        for link in Array(links.values) + Array(seedLinks.values) { link.shutDown() }
        links = [:]
        seedLinks = [:]
    }
}
