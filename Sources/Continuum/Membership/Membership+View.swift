package import Domain

extension Membership {
    /// Whether calls may be sent to a node: it answers, takes calls, and nobody removed it.
    ///
    /// True of this node while it is alive; false of nodes that are not known. One look into a table.
    package func isUsable(_ name: NodeName) -> Bool {
        name == local.name ? local.state == .alive : peers[name]?.isUsable ?? false
    }

    /// All nodes that are known, this one included, by name; the dead, left and removed for a day.
    package func members(_ now: UInt64) -> [Member] {
        let others = peers.values.filter { !$0.isForgotten }.map { Self.member($0, now: now) }
        return ([localMember] + others).sorted { $0.name.text < $1.name.text }
    }

    /// One node; nil when it is not known or forgotten.
    package func member(_ name: NodeName, now: UInt64) -> Member? {
        if name == local.name { return localMember }
        guard let peer = peers[name], !peer.isForgotten else { return nil }
        return Self.member(peer, now: now)
    }

    private var localMember: Member {
        let reason =
            switch local.state {
            case .alive: ""
            case .removed: "removed by an operator"
            default: local.state.rawValue
            }
        return Member(
            report: local,
            state: local.state,
            isUsable: local.state == .alive,
            reason: reason,
            lastHeard: nil,
            load: local.load,
            link: LinkMeter()
        )
    }

    private static func member(_ peer: PeerRecord, now: UInt64) -> Member {
        Member(
            report: peer.believed,
            state: peer.state,
            isUsable: peer.isUsable,
            reason: peer.reason(now),
            lastHeard: peer.lastHeard,
            load: peer.load,
            link: peer.link
        )
    }
}
