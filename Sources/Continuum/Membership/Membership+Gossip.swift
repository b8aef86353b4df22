package import Domain

extension Membership {
    /// Time between two complaints of one name, in nanoseconds.
    static let conflictInterval: UInt64 = 60_000_000_000

    /// The reports of a message, this node's own first.
    ///
    /// Of the others at most 63, the least recently sent first and changes before all; what is said of the one it goes
    /// to is always in it, so that it can refute an accusation.
    package mutating func gossip(to recipient: NodeName? = nil, now: UInt64) -> [NodeReport] {
        if let recipient { promote(recipient) }
        var reports = [local]
        var sent: [NodeName] = []
        var kept: [NodeName] = []
        for (index, name) in outbox.enumerated() {
            guard reports.count < Self.gossipLimit else {
                kept.append(contentsOf: outbox[index...])
                break
            }
            guard let peer = peers[name], !peer.isForgotten else {
                kept.append(name)
                continue
            }
            reports.append(peer.report)
            sent.append(name)
        }
        outbox = kept + sent
        return reports
    }

    /// Gossip came in from the node `source`, whose name its certificate proves.
    package mutating func heard(_ report: NodeReport, from source: NodeName, now: UInt64) -> [Action] {
        var actions: [Action] = []
        if source != report.name {
            actions += change(source, now: now) { $0.lastHeard = now }
        }
        return actions + take(report, isDirect: source == report.name, now: now)
    }

    /// A whole message came in.
    package mutating func heard(_ reports: [NodeReport], from source: NodeName, now: UInt64) -> [Action] {
        var actions: [Action] = []
        for report in reports.prefix(Self.gossipLimit) {
            for action in heard(report, from: source, now: now) where !actions.contains(action) {
                actions.append(action)
            }
        }
        return actions
    }

    /// Takes one report into the view.
    mutating func take(_ report: NodeReport, isDirect: Bool, now: UInt64) -> [Action] {
        if report.name == local.name { return hearOfSelf(report, now: now) }
        guard let peer = peers[report.name] else { return adopt(report, isDirect: isDirect, now: now) }
        if isConflict(report, with: peer, now: now) {
            guard peer.lastConflict.map({ now >= $0 + Self.conflictInterval }) ?? true else { return [] }
            peers[report.name]?.lastConflict = now
            return [.conflict(report.name, addresses: [peer.believed.address, report.address].sorted())]
        }
        var isNews = false
        let actions = change(report.name, now: now) { isNews = $0.hear(report, isDirect: isDirect, now: now) }
        if isNews { promote(report.name) }
        return actions
    }

    /// Whether another node of the same name reports: one incarnation has one address, and a live node does not move.
    ///
    /// Where the node is by its own word: nobody can shut it out by telling another place before it was met.
    private func isConflict(_ report: NodeReport, with peer: PeerRecord, now: UInt64) -> Bool {
        guard let address = peer.ownAddress, report.address != address, report.state != .removed,
            peer.report.state != .removed
        else {
            return false
        }
        if report.incarnation == peer.report.incarnation { return true }
        return report.incarnation > peer.report.incarnation && peer.isUsable && peer.health.isMeasured(now)
    }

    /// Takes in a node that was not known.
    ///
    /// The dead and those that left are not taken on hearsay: they would be passed on for ever, from those that have not
    /// forgotten them to those that have.
    private mutating func adopt(_ report: NodeReport, isDirect: Bool, now: UInt64) -> [Action] {
        let isWanted = isDirect || report.state == .removed || !report.state.isGone
        guard isWanted, makeRoom(now: now) else { return [] }
        peers[report.name] = PeerRecord(report, isDirect: isDirect, now: now)
        outbox.insert(report.name, at: 0)
        return [.changed(report.name)]
    }

    /// Makes room for one node, where needed by forgetting the one that is gone for longest; false when there is none.
    private mutating func makeRoom(now: UInt64) -> Bool {
        guard peers.count >= Self.nodeLimit - 1 else { return true }
        let gone = peers.compactMap { name, peer in peer.goneSince.map { (since: $0, name: name) } }
        guard let oldest = gone.min(by: { ($0.since, $0.name.text) < ($1.since, $1.name.text) }) else { return false }
        forget(oldest.name)
        return true
    }

    mutating func forget(_ name: NodeName) {
        peers[name] = nil
        outbox.removeAll { $0 == name }
    }
}
