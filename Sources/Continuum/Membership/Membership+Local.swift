package import Domain

extension Membership {
    /// Whether an operator removed this node, so that it should stop until it has joined again.
    package var isRemoved: Bool { local.state == .removed }

    /// This node measured itself.
    package mutating func update(
        load: NodeLoad,
        warm: [String: Int],
        utilisation: Double,
        watts: Double,
        energyMethod: String? = nil,
        sandbox: [SandboxLayer]? = nil
    ) {
        local.load = NodeReport.bounded(load)
        local.warm = NodeReport.bounded(warm)
        local.utilisation = NodeReport.share(utilisation)
        local.watts = NodeReport.positive(watts)
        if let energyMethod, energyMethod.utf8.count <= NodeReport.textLimit { local.energyMethod = energyMethod }
        if let sandbox, sandbox.count <= NodeReport.listLimit { local.sandbox = sandbox }
        local.sequence += 1
    }

    /// This node takes no new calls from now on; nothing when it left or was removed.
    package mutating func drain() -> [Action] { declare(.draining, from: .alive) }

    /// This node takes calls again after it drained.
    package mutating func resume() -> [Action] { declare(.alive, from: .draining) }

    /// This node goes; its gossip is to be sent once more to all, and it probes no more.
    package mutating func leave() -> [Action] {
        guard local.state.rank < MemberState.left.rank else { return [] }
        return declare(.left, from: local.state)
    }

    /// An operator removes a node; nothing when it is not known.
    ///
    /// The tombstone spreads and wins over every incarnation up to the time of removal, so that a node which refutes a
    /// suspicion at the same moment does not come back by that.
    package mutating func remove(_ name: NodeName, at time: Timestamp, now: UInt64) -> [Action] {
        let incarnation = min(UInt64(clamping: time.microseconds), NodeReport.incarnationLimit - 1)
        guard name != local.name else {
            guard !isRemoved else { return [] }
            local.incarnation = max(local.incarnation, incarnation)
            return declare(.removed, from: local.state)
        }
        return change(name, now: now) { $0.remove(incarnation: incarnation) }
    }

    /// Takes what others say of this node: it refutes all that is wrong but its removal.
    mutating func hearOfSelf(_ report: NodeReport, now: UInt64) -> [Action] {
        guard report.incarnation >= local.incarnation else { return [] }
        if report.state == .removed {
            guard !isRemoved || report.incarnation > local.incarnation else { return [] }
            let wasRemoved = isRemoved
            local.incarnation = report.incarnation
            local.state = .removed
            local.sequence += 1
            return wasRemoved ? [] : [.changed(local.name)]
        }
        guard local.state.rank < MemberState.left.rank else { return [] }
        var actions: [Action] = []
        if report.address != local.address, lastConflict.map({ now >= $0 + Self.conflictInterval }) ?? true {
            lastConflict = now
            actions.append(.conflict(local.name, addresses: [local.address, report.address].sorted()))
        }
        // A higher incarnation is of an earlier life with another clock, or of a namesake.
        let isWrong = report.state.rank > 0 && report.state != local.state
        if report.incarnation > local.incarnation || isWrong {
            raise(above: report.incarnation)
            actions.append(.changed(local.name))
        }
        return actions
    }

    private mutating func raise(above incarnation: UInt64) {
        local.incarnation = min(incarnation + 1, NodeReport.incarnationLimit - 1)
        local.sequence += 1
    }

    private mutating func declare(_ state: MemberState, from expected: MemberState) -> [Action] {
        guard local.state == expected, state != expected else { return [] }
        local.state = state
        local.sequence += 1
        return [.changed(local.name)]
    }
}
