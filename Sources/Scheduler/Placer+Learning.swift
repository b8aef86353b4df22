package import Domain

extension Placer {
    /// How often nodes that fail are looked at again, in nanoseconds.
    private static let revivalInterval: UInt64 = 10_000_000_000

    /// For how long a probe that does not end keeps others of the function back, in nanoseconds.
    private static let probeTimeout: UInt64 = 60_000_000_000

    /// A call goes to a node, which may be another than the decision's.
    ///
    /// It counts there at once, so that the next decisions do not all go to where a load report that is a second old saw
    /// room.
    package mutating func began(_ decision: Decision, on node: NodeName) {
        guard let slot = slot(of: node, in: decision) else { return }
        nodes[slot].began(at: decision.now)
        writeLoad(slot)
        changeSpare(-1, decision, slot)
        if decision.isProbe, isKnown(decision) {
            functions[decision.profile.index].probedUntil = decision.now &+ Self.probeTimeout
        }
    }

    /// A call that began is over: it counts no longer, and how it went is learned from.
    package mutating func ended(_ observation: Observation) {
        let decision = observation.decision
        guard let slot = slot(of: observation.node, in: decision) else { return }
        nodes[slot].ended()
        if decision.isProbe, isKnown(decision) { functions[decision.profile.index].probedUntil = 0 }
        let ran = observation.wasStarted && !observation.isFailure
        if ran || observation.start != nil { changeSpare(1, decision, slot) }
        learnFailure(observation, slot)
        let index = decision.profile.index
        if ran, isKnown(decision), Self.isTime(observation.executionMilliseconds) {
            learnTimes(observation, slot, index)
        } else if observation.isFailure, isKnown(decision), decision.scoring.objective.isFinite {
            functions[index].model.observe(isMissed: true, allowed: allowed(decision))
        }
        writeLoad(slot)
    }

    /// Whether the version that a decision was about is still known.
    private func isKnown(_ decision: Decision) -> Bool {
        let index = decision.profile.index
        return functions.indices.contains(index) && functions[index].profile === decision.profile
            && !functions[index].isForgotten
    }

    /// Whether a figure is one to learn from: what peers report is not trusted to make sense.
    private static func isTime(_ milliseconds: Double) -> Bool { milliseconds > 0 && milliseconds < 1e9 }

    private func slot(of node: NodeName, in decision: Decision) -> Int? {
        // Mostly the decision's own node, and the nodes are as they were.
        if let row = decision.chosenRow, fleet === decision.fleet {
            let slot = Int(decision.rows[row].slot)
            if descriptions[slot].name == node { return slot }
        }
        return slots[node]
    }

    private mutating func changeSpare(_ change: Float, _ decision: Decision, _ slot: Int) {
        let index = decision.profile.index
        guard isKnown(decision), !functions[index].profile.isOneShot else { return }
        nodes[slot].touch(index)
        functions[index].changeSpare(by: change, at: slot, key: nodes[slot].key)
    }

    private func allowed(_ decision: Decision) -> Double {
        settings.violationShare ?? (1 - decision.scoring.quantile)
    }

    private mutating func learnFailure(_ observation: Observation, _ slot: Int) {
        nodes[slot].failures.observe(isFailure: observation.isFailure, at: observation.now)
        refreshStanding(slot)
        if case .failing = standings[slot] { nextRevival = min(nextRevival, observation.now + Self.revivalInterval) }
    }

    private mutating func learnTimes(_ observation: Observation, _ slot: Int, _ index: Int) {
        let decision = observation.decision
        let classIndex = nodes[slot].classIndex
        let row = decision.row(of: observation.node)
        // Freed of what running beside others added; a time that is freed of much says less.
        if isSurprise(observation) {
            functions[index].model.outlived(class: classIndex, tier: nodes[slot].tierIndex)
        }
        let crowd = 1 + Double(row?.contention ?? 0)
        let alone = observation.executionMilliseconds / crowd
        let hasDrifted = functions[index].model.observeExecution(
            alone,
            bytes: observation.requestBytes,
            class: classIndex,
            share: 1 / crowd,
            &shared
        )
        if Self.isTime(observation.cpuMilliseconds) {
            functions[index].model.observeCPU(
                observation.cpuMilliseconds,
                bytes: observation.requestBytes,
                class: classIndex
            )
            if observation.joules > 0 {
                nodes[slot].energy.observe(
                    joules: observation.joules,
                    cpuMilliseconds: observation.cpuMilliseconds
                )
                let joules = nodes[slot].joulesPerMillisecond(described: descriptions[slot].wattsPerCore)
                blocks[slot >> 2].joulesPerMillisecond[slot & 3] = joules
            }
        }
        if observation.start == .cold, Self.isTime(observation.coldMilliseconds) {
            functions[index].model.observeCold(observation.coldMilliseconds, class: classIndex, &shared)
        } else if observation.start == .cold, observation.coldMilliseconds == 0 {
            functions[index].model.observeNoWait(class: classIndex, shared)
        }
        nodes[slot].observeService(alone)
        functions[index].model.observeEnd(responseBytes: observation.responseBytes)
        var tailsMoved = hasDrifted || decision.isProbe
        if let row {
            tailsMoved = learnFromPrediction(observation, row, slot, index) || tailsMoved
        }
        functions[index].refresh(blocks, shared, withTails: tailsMoved)
    }

    /// Whether a probe kept the objective, or without one took far less than predicted.
    private func isSurprise(_ observation: Observation) -> Bool {
        let decision = observation.decision
        guard decision.isProbe, observation.node == decision.chosen, let predicted = decision.prediction else {
            return false
        }
        let objective = decision.scoring.objective
        return observation.totalMilliseconds <= (objective.isFinite ? objective : predicted.median / 1.5)
    }

    /// Learns from how the call went in relation to what was predicted of it; returns whether tails may have moved.
    private mutating func learnFromPrediction(
        _ observation: Observation,
        _ row: CandidateRow,
        _ slot: Int,
        _ index: Int
    ) -> Bool {
        let decision = observation.decision
        if let start = observation.start {
            functions[index].model.observeStart(isCold: start == .cold, spare: Int(row.spare), node: nodes[slot].key)
            functions[index].updateStart(slot, key: nodes[slot].key)
        }
        let execution = Double(row.execution)
        if row.wait > 0, execution > 0 {
            let excess = observation.queueMilliseconds + observation.executionMilliseconds - execution
            nodes[slot].observeWait(excess / execution, predicted: Double(row.wait) / execution)
        }
        functions[index].model.observeReferences(
            latency: Double(row.latency),
            joules: Double(row.joules),
            cost: Double(row.cost),
            grams: Double(row.grams)
        )
        let objective = decision.scoring.objective
        if objective.isFinite {
            functions[index].model.observe(
                isMissed: observation.totalMilliseconds > objective,
                allowed: allowed(decision)
            )
        }
        let predicted = Double(row.latency)
        guard predicted > 0, observation.totalMilliseconds > 0 else { return false }
        let tier = nodes[slot].tierIndex
        let ratio = observation.totalMilliseconds / predicted
        shared.observe(ratio: ratio, tier: tier)
        return functions[index].model.observe(
            ratio: ratio,
            isAboveTail: observation.totalMilliseconds > Double(row.tail),
            tier: tier
        )
    }

    /// Looks at nodes that were left out because they failed: time makes them candidates again.
    mutating func revive(at now: UInt64) {
        nextRevival = .max
        for slot in nodes.indices {
            guard case .failing = standings[slot] else { continue }
            nodes[slot].failures.fade(at: now)
            refreshStanding(slot)
            if case .failing = standings[slot] { nextRevival = now + Self.revivalInterval }
        }
    }
}
