import Domain

extension Placer {
    /// Decides where a call runs.
    ///
    /// The decision takes one word from `random`; the same state, question and word give the same decision.
    package mutating func decide(
        _ question: PlacementQuestion,
        using random: inout some RandomNumberGenerator
    ) -> Decision {
        decide(question, seed: random.next())
    }

    private mutating func decide(_ question: PlacementQuestion, seed: UInt64) -> Decision {
        decisions += 1
        if question.now >= nextRevival { revive(at: question.now) }
        let index = prepare(question)
        functions[index].used = decisions
        let fleet = currentFleet()
        let scoring = scoring(index, preferring: question.preference)
        let request = RequestFigures(
            bytes: Double(question.requestBytes) + (functions[index].model.responseBytes.value ?? 0),
            sizeFactor: functions[index].model.sizeFactor(question.requestBytes)
        )
        let isAlone =
            nodes.count == 1 || question.staysLocal || (settings.policy == .localOnly && settings.shadow == nil)
        if isAlone { return decideAlone(question, index, fleet, scoring, request) }
        for name in question.barred.keys { bar(name, .infinity) }
        defer { for name in question.barred.keys { bar(name, nil) } }
        return decideAmongAll(question, index, fleet, scoring, request, seed: seed)
    }

    /// The only candidate is the node itself.
    private mutating func decideAlone(
        _ question: PlacementQuestion,
        _ index: Int,
        _ fleet: Fleet,
        _ scoring: Scoring,
        _ request: RequestFigures
    ) -> Decision {
        let isOut =
            blocks[0].closed[0] > 0 || functions[index].blocks[0].barrier[0] > 0
            || (!question.barred.isEmpty && question.barred[descriptions[0].name] != nil)
            || (settings.policy == .cloudOnly && CloudOnlyPolicy.objection(to: descriptions[0], isLocal: true) != nil)
        var rows: [CandidateRow] = []
        if !isOut {
            let candidates = CandidateBlock(blocks[0], functions[index].blocks[0], request)
            var row = candidates.row(0, slot: 0, blocks[0], functions[index].blocks[0])
            row.observations = Float(functions[index].model.observations(class: nodes[0].classIndex))
            rows = [row]
        }
        return record(
            question,
            index,
            fleet,
            scoring,
            rows: rows,
            count: rows.count,
            pick: isOut ? .none : Pick(slot: 0, propensity: 1),
            shadow: settings.shadow.map { _ in isOut ? .none : Pick(slot: 0, propensity: 1) }
        )
    }

    private mutating func decideAmongAll(
        _ question: PlacementQuestion,
        _ index: Int,
        _ fleet: Fleet,
        _ scoring: Scoring,
        _ request: RequestFigures,
        seed: UInt64
    ) -> Decision {
        var lent = Scratch()
        swap(&lent, &scratch)
        let field = Field(
            nodes: blocks,
            functions: functions[index].blocks,
            request: request,
            coefficients: scoring.coefficients,
            tieMargin: scoring.tieMargin,
            scratch: consume lent
        )
        var random = SplitMix64(seed: seed)
        // One probe of a function at a time, and well below the share of calls that may miss the objective.
        let mayProbe = question.now >= functions[index].probedUntil
        let probeRate = mayProbe ? min(settings.explorationRate, 1 - scoring.quantile) / 2 : 0
        let pick = pick(settings.policy, field, index, scoring, probeRate, &random)
        let shadow = settings.shadow.map { kind in
            // Chance of its own, so that watching does not change what is watched.
            var random = SplitMix64(seed: ~seed)
            return self.pick(kind, field, index, scoring, probeRate, &random)
        }
        if settings.policy == .roundRobin, let slot = pick.slot { functions[index].lastSlot = slot }
        let leaders = field.leaders
        var rows: [CandidateRow] = []
        rows.reserveCapacity(leaders.count + 1)
        var isRecorded = pick.slot == nil
        for place in 0..<leaders.count {
            let slot = leaders.slots[place]
            rows.append(row(slot, field, index, isChosen: slot == pick.slot, seed: seed))
            if slot == pick.slot { isRecorded = true }
        }
        if !isRecorded, let slot = pick.slot { rows.append(row(slot, field, index, isChosen: true, seed: seed)) }
        let count = field.count
        scratch = field.scratch()
        return record(
            question,
            index,
            fleet,
            scoring,
            rows: rows,
            count: count,
            pick: pick,
            shadow: shadow
        )
    }

    private func row(_ slot: Int, _ field: borrowing Field, _ index: Int, isChosen: Bool, seed: UInt64) -> CandidateRow
    {
        var row = field.row(slot)
        row.lot = isChosen ? 0 : UInt32(truncatingIfNeeded: SplitMix64.mix(seed ^ UInt64(slot))) | 1
        row.observations = Float(functions[index].model.observations(class: nodes[slot].classIndex))
        return row
    }

    private mutating func pick(
        _ kind: PolicyKind,
        _ field: borrowing Field,
        _ index: Int,
        _ scoring: Scoring,
        _ probeRate: Double,
        _ random: inout SplitMix64
    ) -> Pick {
        switch kind {
        case .adaptive:
            return AdaptivePolicy(explorationRate: settings.explorationRate, probeRate: probeRate)
                .pick(from: field, using: &random)
        case .random: return RandomPolicy().pick(from: field, using: &random)
        case .roundRobin:
            return RoundRobinPolicy(last: functions[index].lastSlot).pick(from: field, using: &random)
        case .leastLoaded: return LeastLoadedPolicy().pick(from: field, using: &random)
        case .powerOfTwo: return PowerOfTwoPolicy().pick(from: field, using: &random)
        case .shortestDelay: return ShortestDelayPolicy().pick(from: field, using: &random)
        case .consistentHash:
            let order =
                functions[index].order
                ?? ConsistentHashPolicy.order(of: descriptions, for: functions[index].spec.name)
            functions[index].order = order
            return ConsistentHashPolicy(order: order).pick(from: field, using: &random)
        case .edgeFirst: return EdgeFirstPolicy().pick(from: field, using: &random)
        case .cloudOnly: return CloudOnlyPolicy().pick(from: field, using: &random)
        case .cheapestFeasible:
            let policy = CheapestFeasiblePolicy(
                perJoule: Float(1 / scoring.references.joules),
                perCost: Float(1 / scoring.references.cost)
            )
            return policy.pick(from: field, using: &random)
        case .localOnly: return LocalOnlyPolicy().pick(from: field, using: &random)
        }
    }

    private func record(
        _ question: PlacementQuestion,
        _ index: Int,
        _ fleet: Fleet,
        _ scoring: Scoring,
        rows: [CandidateRow],
        count: Int,
        pick: Pick,
        shadow: Pick?
    ) -> Decision {
        Decision(
            policy: settings.policy,
            propensity: pick.propensity,
            isExploration: pick.isExploration,
            isProbe: pick.isProbe,
            candidateCount: count,
            preference: question.preference,
            requestBytes: question.requestBytes,
            now: question.now,
            fleet: fleet,
            profile: functions[index].profile,
            scoring: scoring,
            rows: rows,
            chosenRow: pick.slot.flatMap { slot in rows.firstIndex { $0.slot == slot } },
            origin: question.origin,
            barred: question.barred,
            staysLocal: question.staysLocal,
            weightRevision: weights?.revision ?? 0,
            observations: functions[index].model.observations,
            shadow: settings.shadow,
            shadowSlot: shadow?.slot
        )
    }

    private mutating func bar(_ name: NodeName, _ level: Float?) {
        guard let slot = slots[name] else { return }
        blocks[slot >> 2].closed[slot & 3] = level ?? standings[slot].closed
    }
}
