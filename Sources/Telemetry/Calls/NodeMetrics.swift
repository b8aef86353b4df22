import Synchronization

/// All metrics of a node: those of every function, and those that belong to none.
package final class NodeMetrics: Sendable {
    /// Where the metrics are registered, and read.
    package let registry: MetricRegistry
    /// Asynchronous calls.
    package let async: AsyncMetrics
    /// Placement, and the other nodes.
    package let placement: PlacementMetrics
    /// The energy of the node as a whole.
    package let energy: EnergyMetrics

    private let recordsDropped: CounterHandle
    private let nearConnections: GaugeHandle
    private let farConnections: GaugeHandle
    private let functionLimit: Int
    private let routeLimit = 1000
    private let functions = Mutex<[String: CallMetrics]>([:])
    private let routes = Mutex<[String: RouteMetrics]>([:])

    /// Registers the metrics; beyond `functionLimit` functions, all others share the name `other`.
    package init(registry: MetricRegistry = MetricRegistry(), functionLimit: Int = 2000) {
        self.registry = registry
        self.functionLimit = functionLimit
        self.async = AsyncMetrics(in: registry)
        self.placement = PlacementMetrics(in: registry)
        self.energy = EnergyMetrics(in: registry)
        self.recordsDropped = registry.counter(
            "godwit_records_dropped_total",
            help: "Execution records lost because they could not be written fast enough."
        )
        let help = "Connections of clients by the event loop they are on: the one that calls live on, or another."
        self.nearConnections = registry.gauge("godwit_connections", help: help, labels: ["loop": "calls"])
        self.farConnections = registry.gauge("godwit_connections", help: help, labels: ["loop": "others"])
        ProcessMetrics(in: registry)
    }

    /// The metrics of a function, made when they are first asked for.
    ///
    /// Takes a lock: keep what it gives.
    package func function(_ name: String) -> CallMetrics {
        functions.withLock { functions in
            let name = functions[name] != nil || functions.count < functionLimit ? name : MetricLabels.other
            if let known = functions[name] { return known }
            let made = CallMetrics(function: name, in: registry)
            functions[name] = made
            return made
        }
    }

    /// Removes the metrics of a function that was deleted.
    package func forget(function name: String) {
        functions.withLock { functions in functions.removeValue(forKey: name)?.retire() }
    }

    /// The metrics of an HTTP route, which is a pattern (`/function/{name}`), never a path.
    ///
    /// Takes a lock: keep what it gives.
    package func route(_ pattern: String) -> RouteMetrics {
        routes.withLock { routes in
            let pattern = routes[pattern] != nil || routes.count < routeLimit ? pattern : MetricLabels.other
            if let known = routes[pattern] { return known }
            let made = RouteMetrics(route: pattern, in: registry)
            routes[pattern] = made
            return made
        }
    }

    /// Counts execution records that were lost.
    package func droppedRecords(_ count: UInt64 = 1) { recordsDropped.add(count) }

    /// Sets how many connections of clients are on the loop that calls live on, and on others.
    package func setConnections(near: Int, far: Int) {
        nearConnections.set(Double(near))
        farConnections.set(Double(far))
    }

    /// Counts a call of a function that is placed on a node.
    package func placed(on node: String, function: String) { self.function(function).placed(on: node) }

    /// Removes the metrics of a node that has left the continuum.
    package func forget(node: String) {
        for function in functions.withLock({ Array($0.values) }) { function.forget(node: node) }
        placement.forget(node: node)
        registry.remove(label: "node", value: node)
    }

    /// Adds a settled interval to the energy of the node and, by its shares, to that of the functions that are known.
    ///
    /// With a carbon intensity, in grams per kilowatt-hour, to their emissions too.
    package func settled(_ settlement: EnergySettlement, intensity: Double? = nil) {
        energy.settled(settlement)
        if let intensity { energy.setIntensity(intensity) }
        for (name, joules) in settlement.shares {
            guard let function = functions.withLock({ $0[name] }) else { continue }
            function.usedEnergy(joules: joules, method: settlement.method)
            if let intensity {
                let reading = CarbonReading(joules: joules, intensity: intensity)
                function.emitted(grams: reading.grams, method: settlement.method)
            }
        }
    }
}
