import Domain

extension FunctionState {
    /// Builds the columns for all nodes.
    mutating func build(_ nodes: [NodeState], _ descriptions: [NodeDescription], _ shared: SharedModels) {
        blocks = Array(repeating: FunctionBlock(), count: (nodes.count + 3) / 4)
        takeFigures(shared)
        for slot in nodes.indices { write(slot, nodes[slot], descriptions[slot]) }
        for slot in nodes.indices { set(spare: spare(on: nodes[slot]), at: slot, key: nodes[slot].key) }
    }

    /// Writes a node that came or changed into its lane; `isNew` when the lane was another's.
    mutating func place(
        _ slot: Int,
        _ node: NodeState,
        _ description: NodeDescription,
        _ shared: SharedModels,
        isNew: Bool
    ) {
        guard !blocks.isEmpty else { return }
        if slot >> 2 == blocks.count { blocks.append(FunctionBlock()) }
        if classFigures.count != shared.classCount || tailFigures.count != shared.tierCount { takeFigures(shared) }
        write(slot, node, description)
        if isNew {
            set(spare: spare(on: node), at: slot, key: node.key)
            order = nil
        }
    }

    /// Takes the last node out, after moving it into the lane of the one that goes.
    mutating func removeLast(movingTo slot: Int, last: Int, key: UInt32) {
        model.forget(node: key)
        order = nil
        guard !blocks.isEmpty else { return }
        if slot != last { move(from: last, to: slot) }
        blocks[last >> 2].barrier[last & 3] = .infinity
        if last & 3 == 0 { blocks.removeLast() }
    }

    private mutating func move(from last: Int, to slot: Int) {
        let source = blocks[last >> 2]
        let (block, from, to) = (slot >> 2, last & 3, slot & 3)
        blocks[block].barrier[to] = source.barrier[from]
        blocks[block].execution[to] = source.execution[from]
        blocks[block].cold[to] = source.cold[from]
        blocks[block].coldProbability[to] = source.coldProbability[from]
        blocks[block].cpu[to] = source.cpu[from]
        blocks[block].tailFactor[to] = source.tailFactor[from]
        blocks[block].observations[to] = source.observations[from]
        blocks[block].spare[to] = source.spare[from]
    }

    /// Brings the columns up to what the model says now, as far as that has moved.
    mutating func refresh(_ nodes: [NodeBlock], _ shared: SharedModels, withTails: Bool) {
        guard !blocks.isEmpty else { return }
        for index in 0..<shared.classCount {
            let new = figures(class: index, shared)
            guard index >= classFigures.count || classFigures[index].isOutdated(by: new) else { continue }
            if index < classFigures.count { classFigures[index] = new } else { classFigures.append(new) }
            for block in blocks.indices {
                let isOfClass = nodes[block].classNumber.isEqual(to: Float(index))
                blocks[block].execution = blocks[block].execution.setting(new.execution, where: isOfClass)
                blocks[block].cpu = blocks[block].cpu.setting(new.cpu, where: isOfClass)
                blocks[block].cold = blocks[block].cold.setting(new.cold, where: isOfClass)
                blocks[block].observations = blocks[block].observations.setting(new.observations, where: isOfClass)
            }
        }
        if withTails { refreshTails(nodes, shared) }
        if !profile.isOneShot { refreshStarts() }
    }

    private mutating func refreshTails(_ nodes: [NodeBlock], _ shared: SharedModels) {
        for tier in 0..<shared.tierCount {
            let new = Ceiling.held(model.tailFactor(tier: tier, shared), 1000)
            guard tier >= tailFigures.count || ClassFigures.isMoved(tailFigures[tier], new, 0.004) else { continue }
            if tier < tailFigures.count { tailFigures[tier] = new } else { tailFigures.append(new) }
            for block in blocks.indices {
                let isOfTier = nodes[block].tierNumber.isEqual(to: Float(tier))
                blocks[block].tailFactor = blocks[block].tailFactor.setting(new, where: isOfTier)
            }
        }
    }

    private mutating func refreshStarts() {
        let new = model.startFigures
        guard new.isMoved(from: startFigures) else { return }
        startFigures = new
        for block in blocks.indices {
            let isNone = blocks[block].spare.isEqual(to: 0)
            let isUnknown = blocks[block].spare.isEqual(to: -1)
            blocks[block].coldProbability = blocks[block].coldProbability
                .setting(new.none, where: isNone)
                .setting(new.warm, where: 1 - isNone - isUnknown)
        }
    }

    /// Whether the node may run the function, for a call that arrived at another site than those before.
    mutating func moveOrigin(to site: Site?, _ descriptions: [NodeDescription]) {
        origin = site
        for slot in descriptions.indices { writeBarrier(slot, descriptions[slot]) }
    }

    // MARK: - Starts

    /// Calls that could go to warm instances of the node, as reported; -1 where nothing was.
    func spare(on node: NodeState) -> Int {
        guard let warm = node.warm else { return -1 }
        return (warm[profile.version.digest] ?? 0) * profile.concurrency
    }

    /// Takes how many calls could go to warm instances.
    mutating func set(spare: Int, at slot: Int, key: UInt32) {
        guard slot >> 2 < blocks.count else { return }
        blocks[slot >> 2].spare[slot & 3] = Float(min(max(spare, -1), 1 << 20))
        writeStart(slot, key: key)
    }

    /// An own call goes to the node (-1) or leaves it (1).
    mutating func changeSpare(by change: Float, at slot: Int, key: UInt32) {
        guard slot >> 2 < blocks.count else { return }
        let spare = blocks[slot >> 2].spare[slot & 3]
        guard spare >= 0 else { return }
        blocks[slot >> 2].spare[slot & 3] = max(0, spare + change)
        writeStart(slot, key: key)
    }

    /// Writes how probable a start is on a node on which one was, or was not, needed.
    mutating func updateStart(_ slot: Int, key: UInt32) {
        if slot >> 2 < blocks.count { writeStart(slot, key: key) }
    }

    // MARK: - Lanes

    private mutating func takeFigures(_ shared: SharedModels) {
        classFigures = (0..<shared.classCount).map { figures(class: $0, shared) }
        tailFigures = (0..<shared.tierCount).map { Ceiling.held(model.tailFactor(tier: $0, shared), 1000) }
        startFigures = model.startFigures
    }

    private func figures(class index: Int, _ shared: SharedModels) -> ClassFigures {
        ClassFigures(
            execution: Ceiling.held(model.executionMilliseconds(class: index, shared), 1e8),
            cpu: Ceiling.held(model.cpuMilliseconds(class: index, shared), 1e8),
            cold: Ceiling.held(model.coldMilliseconds(class: index, shared), 1e7),
            observations: Float(model.observations(class: index))
        )
    }

    private mutating func write(_ slot: Int, _ node: NodeState, _ description: NodeDescription) {
        writeBarrier(slot, description)
        writeTimes(slot, node)
        blocks[slot >> 2].tailFactor[slot & 3] = tailFigures[node.tierIndex]
        writeStart(slot, key: node.key)
    }

    private mutating func writeBarrier(_ slot: Int, _ description: NodeDescription) {
        let isOut = !Obstacles.standing(spec, on: description, from: origin).isEmpty
        blocks[slot >> 2].barrier[slot & 3] = isOut ? .infinity : 0
    }

    private mutating func writeTimes(_ slot: Int, _ node: NodeState) {
        let figures = classFigures[node.classIndex]
        blocks[slot >> 2].execution[slot & 3] = figures.execution
        blocks[slot >> 2].cpu[slot & 3] = figures.cpu
        blocks[slot >> 2].cold[slot & 3] = figures.cold
        blocks[slot >> 2].observations[slot & 3] = figures.observations
    }

    private mutating func writeStart(_ slot: Int, key: UInt32) {
        let spare = Int(blocks[slot >> 2].spare[slot & 3])
        let probability = profile.isOneShot ? 1 : model.coldProbability(spare: spare, node: key)
        blocks[slot >> 2].coldProbability[slot & 3] = Float(probability)
    }
}
