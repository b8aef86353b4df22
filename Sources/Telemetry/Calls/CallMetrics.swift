import Synchronization

/// The metrics of one function: made once, kept, and updated without locks.
///
/// Series that a function may never need (failures, starts, violations) are made when they are first needed.
package final class CallMetrics: Sendable {
    /// The function's name, as the label `function` has it.
    package let function: String

    private let registry: MetricRegistry
    private let duration: HistogramHandle
    private let queue: HistogramHandle
    private let cpu: FloatCounterHandle
    private let queueLength: GaugeHandle
    /// The commonest of `outcomes` and `starts`, at hand.
    private let ok: CounterHandle
    private let warm: CounterHandle
    private let outcomes: HandleSet<CallResult, CounterHandle>
    private let starts: HandleSet<StartTemperature, CounterHandle>
    private let phases: HandleSet<StartPhase, HistogramHandle>
    private let energy: HandleSet<EnergyMethod, FloatCounterHandle>
    private let carbon: HandleSet<EnergyMethod, FloatCounterHandle>
    private let prewarms: CounterHandle
    private let forks: CounterHandle
    private let linedUp: CounterHandle
    private let outputDropped: CounterHandle
    private let takenBack: CounterHandle
    private let missed: CounterHandle
    /// By node; nil once the function is retired.
    private let placements = Mutex<[String: CounterHandle]?>([:])
    private let instances: HandleSet<InstanceState, GaugeHandle>
    private let violations: HandleSet<ViolationLayer, CounterHandle>
    private let egressRequests: HandleSet<EgressOutcome, CounterHandle>
    private let egressBytes: HandleSet<EgressDirection, CounterHandle>

    /// Registers the metrics of a function; ``NodeMetrics/function(_:)`` does so once for each.
    package init(function: String, in registry: MetricRegistry) {
        self.function = function
        self.registry = registry
        let labels: MetricLabels = ["function": function]
        @Sendable func with(_ name: String, _ value: String) -> MetricLabels { ["function": function, name: value] }
        self.duration = registry.histogram(
            "godwit_call_duration_seconds",
            help: "Time of a call from its admission to the end of its response.",
            labels: labels
        )
        self.queue = registry.histogram(
            "godwit_call_queue_seconds",
            help: "Time a call waited for an instance.",
            labels: labels
        )
        self.cpu = registry.floatCounter(
            "godwit_cpu_seconds_total",
            help: "CPU time of the function's processes.",
            labels: labels
        )
        self.queueLength = registry.gauge("godwit_queue_length", help: "Calls waiting for an instance.", labels: labels)
        self.outcomes = HandleSet {
            registry.counter("godwit_calls_total", help: "Calls by how they ended.", labels: with("outcome", $0))
        }
        self.starts = HandleSet {
            registry.counter(
                "godwit_starts_total",
                help: "Calls by whether they found an instance (warm) or had to wait for a new one (cold).",
                labels: with("start", $0)
            )
        }
        self.phases = HandleSet {
            registry.histogram(
                "godwit_start_seconds",
                help: "Time that the parts of starting an instance took.",
                labels: with("phase", $0)
            )
        }
        self.energy = HandleSet {
            registry.floatCounter(
                "godwit_energy_joules_total",
                help: "Dynamic energy of the function's calls, by how it was obtained.",
                labels: with("method", $0)
            )
        }
        self.carbon = HandleSet {
            registry.floatCounter(
                "godwit_carbon_grams_total",
                help: "Emissions (CO2 equivalent) of the function's dynamic energy, by how that was obtained.",
                labels: with("method", $0)
            )
        }
        self.prewarms = registry.counter(
            "godwit_prewarmed_instances_total",
            help: "Instances that were started ahead of a call that was expected.",
            labels: labels
        )
        self.forks = registry.counter(
            "godwit_forked_instances_total",
            help: "Instances that were forked from a process which had initialised.",
            labels: labels
        )
        self.linedUp = registry.counter(
            "godwit_lined_up_calls_total",
            help: "Calls that were laid with an instance ahead of their turn.",
            labels: labels
        )
        self.takenBack = registry.counter(
            "godwit_taken_back_calls_total",
            help: "Calls of these that were taken back, because what was before them took long or its process ended.",
            labels: labels
        )
        self.outputDropped = registry.counter(
            "godwit_log_dropped_bytes_total",
            help: "Bytes of logs that were not kept, because the function wrote more than it may.",
            labels: labels
        )
        self.missed = registry.counter(
            "godwit_objective_violations_total",
            help: "Calls that missed the function's objective.",
            labels: labels
        )
        self.instances = HandleSet {
            registry.gauge("godwit_instances", help: "Instances by what they do.", labels: with("state", $0))
        }
        self.violations = HandleSet {
            registry.counter(
                "godwit_sandbox_violations_total",
                help: "Attempts of the function to leave its sandbox, by the layer that stopped them.",
                labels: with("layer", $0)
            )
        }
        self.egressRequests = HandleSet {
            registry.counter(
                "godwit_egress_requests_total",
                help: "Requests of the function through the egress broker, by how they ended.",
                labels: with("outcome", $0)
            )
        }
        self.egressBytes = HandleSet {
            registry.counter(
                "godwit_egress_bytes_total",
                help: "Body bytes of the function's requests through the egress broker, sent (up) and received (down).",
                labels: with("direction", $0)
            )
        }
        self.ok = outcomes[.ok]
        self.warm = starts[.warm]
    }

    /// Counts a call that is over, and its duration in nanoseconds unless it was never admitted.
    package func finished(_ result: CallResult, nanoseconds: UInt64? = nil) {
        (result == .ok ? ok : outcomes[result]).add()
        if let nanoseconds { duration.record(nanoseconds: nanoseconds) }
    }

    /// Counts the time that a call waited for an instance, in nanoseconds.
    package func queued(nanoseconds: UInt64) { queue.record(nanoseconds: nanoseconds) }

    /// Counts a call that got an instance.
    package func started(_ temperature: StartTemperature) {
        (temperature == .warm ? warm : starts[temperature]).add()
    }

    /// Counts an instance that is started ahead of a call.
    package func prewarmed() { prewarms.add() }

    /// Counts an instance that is forked.
    package func forked() { forks.add() }

    /// Counts calls that were laid with an instance ahead of their turn, and those of them that were taken back.
    package func linedUp(_ count: Int, takenBack: Int) {
        linedUp.add(UInt64(clamping: count))
        self.takenBack.add(UInt64(clamping: takenBack))
    }

    /// Counts bytes of logs that were not kept.
    package func droppedOutput(bytes: UInt64) { outputDropped.add(bytes) }

    /// Counts the time that one part of a start took, in nanoseconds.
    package func started(_ phase: StartPhase, nanoseconds: UInt64) { phases[phase].record(nanoseconds: nanoseconds) }

    /// Adds CPU time of the function's processes, in nanoseconds.
    package func usedCPU(nanoseconds: UInt64) { cpu.add(Double(nanoseconds) / 1e9) }

    /// Adds dynamic energy, in joules.
    package func usedEnergy(joules: Double, method: EnergyMethod) { energy[method].add(joules) }

    /// Adds emissions, in grams of CO₂ equivalent, of energy that was obtained by this method.
    package func emitted(grams: Double, method: EnergyMethod) { carbon[method].add(grams) }

    /// Counts a call that is placed on a node.
    ///
    /// Takes a lock. Nodes beyond a hundred share the name `other`.
    package func placed(on node: String) {
        placements.withLock { placements in
            guard let known = placements else { return }
            let isKnown = known[node] != nil || known.count < PlacementMetrics.nodeLimit
            let node = isKnown ? node : MetricLabels.other
            let counter =
                known[node]
                ?? registry.counter(
                    "godwit_placements_total",
                    help: "Calls by the node that they were placed on.",
                    labels: ["function": function, "node": node]
                )
            placements?[node] = counter
            counter.add()
        }
    }

    /// Counts a call that missed the function's objective.
    package func missedObjective() { missed.add() }

    /// Counts a request that the function made through the egress broker.
    package func requested(_ outcome: EgressOutcome, bytesUp: UInt64, bytesDown: UInt64) {
        egressRequests[outcome].add()
        if bytesUp > 0 { egressBytes[.up].add(bytesUp) }
        if bytesDown > 0 { egressBytes[.down].add(bytesDown) }
    }

    /// Counts an attempt to leave the sandbox.
    package func violated(_ layer: ViolationLayer) { violations[layer].add() }

    /// Sets how many instances are in a state.
    package func setInstances(_ count: Int, _ state: InstanceState) { instances[state].set(Double(count)) }

    /// Sets how many calls wait for an instance.
    package func setQueueLength(_ count: Int) { queueLength.set(Double(count)) }

    /// The durations of the function's calls so far.
    package func durations() -> HistogramSnapshot { duration.snapshot() }

    /// Forgets a node that has left; its series is the registry's to remove.
    func forget(node: String) { placements.withLock { $0?[node] = nil } }

    /// Removes all series of the function; calls that are still running measure into the void.
    func retire() {
        outcomes.retire()
        starts.retire()
        phases.retire()
        energy.retire()
        carbon.retire()
        placements.withLock { $0 = nil }
        instances.retire()
        violations.retire()
        egressRequests.retire()
        egressBytes.retire()
        registry.remove(label: "function", value: function)
    }
}
