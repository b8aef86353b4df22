import Domain

extension NodeState {
    /// Joules that a byte needs on the way to another node, at the same site and elsewhere.
    ///
    /// 5 and 50 nanojoules a bit, the ends of the range that is assumed for networks: local ones, and those across
    /// providers and radio.
    private static let joulesPerByte = (nearby: 4e-8, far: 4e-7)
    /// Milliseconds that a call ahead is taken to run on a node on which none has.
    private static let unknownServiceTime = 10.0

    /// Writes everything into the node's lane.
    func write(to block: inout NodeBlock, lane: Int, _ node: NodeDescription, near local: NodeDescription) {
        writeFailures(to: &block, lane: lane)
        block.price[lane] = Ceiling.held(node.pricePerCoreHour / 3_600_000)
        block.gramsPerJoule[lane] = gramsPerJoule(described: node.carbonIntensity)
        block.tier[lane] = node.tier.text == "edge" ? 1 : node.tier.text == "cloud" ? 2 : 0
        block.cores[lane] = Float(max(1, node.cores))
        block.classNumber[lane] = Float(classIndex)
        block.tierNumber[lane] = Float(tierIndex)
        let isNearby = node.site != nil && node.site == local.site
        block.joulesPerByte[lane] = isLocal ? 0 : Float(isNearby ? Self.joulesPerByte.nearby : Self.joulesPerByte.far)
        let link = isLocal ? .none : link ?? (isNearby ? .unknownNearby : .unknown)
        block.roundTrip[lane] = Ceiling.held(link.roundTripMilliseconds)
        block.perByte[lane] = Ceiling.held(1 / link.bytesPerMillisecond, 1000)
        block.joulesPerMillisecond[lane] = joulesPerMillisecond(described: node.wattsPerCore)
        let figures = loadFigures(cores: block.cores[lane])
        (block.active[lane], block.queue[lane], block.contention[lane]) = figures
    }

    /// Writes what failures change.
    func writeFailures(to block: inout NodeBlock, lane: Int) {
        block.closed[lane] = standing.closed
        block.failing[lane] = standing.failing
        block.failure[lane] = isLocal ? 1 : Ceiling.held(failures.factor)
    }

    /// Calls that are there, milliseconds of the queue, and what running beside others adds, as a share.
    ///
    /// queue = κ · calls that wait · their running time / cores; contention = κ · max(0, calls that run and this one −
    /// cores) / cores, which is what sharing the processors adds to the time a call runs alone. Work that is not ours
    /// shows in the utilisation.
    @inline(__always)
    func loadFigures(cores: Float) -> (active: Float, queue: Float, contention: Float) {
        let cores = Double(cores)
        let active = Double(active)
        let queued = min(Double(load.queued), active)
        let foreign = min(max(load.utilisation.isFinite ? load.utilisation : 0, 0), 1) * cores - Double(load.busy)
        let running = active - queued + max(0, foreign)
        let queue = kappa * queued * (serviceTime ?? Self.unknownServiceTime) / cores
        let contention = kappa * max(0, running + 1 - cores) / cores
        return (Ceiling.held(active), Ceiling.held(queue), Ceiling.held(contention, 1e6))
    }

    /// Grams of CO2 equivalent that a joule stands for, by what the node said last, else by its description.
    @inline(__always)
    func gramsPerJoule(described intensity: Double) -> Float {
        Ceiling.held((load.carbonIntensity ?? intensity) / 3.6e6)
    }

    /// What a millisecond of CPU time costs in energy.
    @inline(__always)
    func joulesPerMillisecond(described watts: Double) -> Float { Ceiling.held(energy.watts(described: watts) / 1000) }
}
