package import Domain

extension Placer {
    /// Adds a node, or takes its new description; what was learned on it is kept unless its class is another.
    package mutating func update(_ node: NodeDescription) {
        let classIndex = shared.number(of: node.deviceClass)
        let tierIndex = shared.number(of: node.tier)
        let known = slots[node.name]
        if let known, descriptions[known] == node { return }
        if let speed = node.speed { shared.benchmarked(speed, class: classIndex) }
        if let slot = known {
            descriptions[slot] = node
            nodes[slot] = nodes[slot].moved(toClass: classIndex, tier: tierIndex)
            place(slot, isNew: false)
        } else {
            let slot = nodes.count
            slots[node.name] = slot
            descriptions.append(node)
            nodes.append(
                NodeState(key: nextKey, isLocal: slot == 0, classIndex: classIndex, tierIndex: tierIndex)
            )
            nextKey &+= 1
            standings.append(.available)
            if slot >> 2 == blocks.count { blocks.append(NodeBlock()) }
            place(slot, isNew: true)
        }
    }

    /// Takes a node out; the deciding one stays.
    package mutating func remove(_ node: NodeName) {
        guard let slot = slots[node], slot > 0 else { return }
        let last = nodes.count - 1
        let key = nodes[slot].key
        slots[node] = nil
        descriptions.swapAt(slot, last)
        nodes.swapAt(slot, last)
        standings.swapAt(slot, last)
        descriptions.removeLast()
        nodes.removeLast()
        standings.removeLast()
        if slot != last {
            slots[descriptions[slot].name] = slot
            nodes[slot].write(to: &blocks[slot >> 2], lane: slot & 3, descriptions[slot], near: descriptions[0])
        }
        blocks[last >> 2].closed[last & 3] = .infinity
        if last & 3 == 0 { blocks.removeLast() }
        for index in functions.indices { functions[index].removeLast(movingTo: slot, last: last, key: key) }
        fleet = nil
    }

    /// Says whether a node takes calls.
    package mutating func setAvailability(_ availability: Availability, of node: NodeName) {
        guard let slot = slots[node], nodes[slot].availability != availability else { return }
        nodes[slot].availability = availability
        refreshStanding(slot)
    }

    /// Takes a node's load, and its idle instances by bundle where the report has them all; `nanoseconds` is when it
    /// arrived, by the deciding node's clock.
    ///
    /// Of an answer that ends a call, ``ended(_:)`` comes first, so that the call does not count twice.
    package mutating func report(
        _ load: NodeLoad,
        from node: NodeName,
        warm: [Digest: Int]? = nil,
        at nanoseconds: UInt64
    ) {
        guard let slot = slots[node], nodes[slot].report(load, at: nanoseconds) else { return }
        writeLoad(slot)
        guard let warm else { return }
        let touched = nodes[slot].exchange(warm)
        if touched == nil {
            for index in functions.indices { takeWarm(slot, index) }
        }
        for index in touched ?? [] where index < functions.count { takeWarm(slot, index) }
        for digest in warm.keys {
            if let index = digests[digest] { takeWarm(slot, index) }
        }
    }

    /// Takes a node's load, and how many idle instances it has of one bundle: what the header of an answer says.
    package mutating func report(
        _ load: NodeLoad,
        from node: NodeName,
        warm digest: Digest,
        count: Int,
        at nanoseconds: UInt64
    ) {
        guard let slot = slots[node], nodes[slot].report(load, at: nanoseconds) else { return }
        writeLoad(slot)
        guard let index = digests[digest] else { return }
        nodes[slot].touch(index)
        let concurrency = functions[index].profile.concurrency
        functions[index].set(spare: max(0, count) * concurrency, at: slot, key: nodes[slot].key)
    }

    /// Takes what was measured of the way to a node.
    package mutating func measured(_ link: LinkEstimate, to node: NodeName) {
        guard let slot = slots[node], slot > 0, nodes[slot].link != link else { return }
        nodes[slot].measured(link)
        nodes[slot].write(to: &blocks[slot >> 2], lane: slot & 3, descriptions[slot], near: descriptions[0])
    }

    // MARK: - Columns

    private mutating func place(_ slot: Int, isNew: Bool) {
        nodes[slot].write(to: &blocks[slot >> 2], lane: slot & 3, descriptions[slot], near: descriptions[0])
        standings[slot] = nodes[slot].standing
        for index in functions.indices {
            functions[index].place(slot, nodes[slot], descriptions[slot], shared, isNew: isNew)
        }
        fleet = nil
    }

    private mutating func takeWarm(_ slot: Int, _ index: Int) {
        functions[index].set(spare: functions[index].spare(on: nodes[slot]), at: slot, key: nodes[slot].key)
    }

    mutating func writeLoad(_ slot: Int) {
        let (block, lane) = (slot >> 2, slot & 3)
        let figures = nodes[slot].loadFigures(cores: blocks[block].cores[lane])
        (blocks[block].active[lane], blocks[block].queue[lane], blocks[block].contention[lane]) = figures
        blocks[block].gramsPerJoule[lane] = nodes[slot].gramsPerJoule(described: descriptions[slot].carbonIntensity)
    }

    mutating func refreshStanding(_ slot: Int) {
        nodes[slot].writeFailures(to: &blocks[slot >> 2], lane: slot & 3)
        let standing = nodes[slot].standing
        guard standings[slot] != standing else { return }
        standings[slot] = standing
        fleet = nil
    }
}
