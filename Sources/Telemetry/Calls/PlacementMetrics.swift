/// The metrics of placement, but for those of a function (``CallMetrics/placed(on:)``, ``CallMetrics/missedObjective()``).
package struct PlacementMetrics: Sendable {
    /// Nodes, and reasons for a retry, that are told apart; all others share the name `other`.
    static let nodeLimit = 100
    private static let reasonLimit = 20

    private let decisions: HistogramHandle
    private let disagreements: CounterHandle
    private let explorations: CounterHandle
    private let retries: HandleTable<CounterHandle>
    private let roundTrips: HandleTable<GaugeHandle>
    private let states: HandleTable<HandleSet<PeerState, GaugeHandle>>

    /// Registers the metrics; those of a peer when it is first heard of.
    package init(in registry: MetricRegistry) {
        self.decisions = registry.histogram(
            "godwit_placement_decision_seconds",
            help: "Time that the choice of a node for a call took."
        )
        self.disagreements = registry.counter(
            "godwit_placement_shadow_disagreements_total",
            help: "Choices that the shadow policy would have made differently."
        )
        self.explorations = registry.counter(
            "godwit_placement_explorations_total",
            help: "Choices of another node than the best, in order to learn."
        )
        self.retries = HandleTable(limit: Self.reasonLimit) {
            registry.counter(
                "godwit_offload_retries_total",
                help: "Calls that were sent to another node after the first could not take them, by why.",
                labels: ["reason": $0]
            )
        }
        self.roundTrips = HandleTable(limit: Self.nodeLimit) {
            registry.gauge(
                "godwit_peer_round_trip_seconds",
                help: "Round-trip time to another node, averaged.",
                labels: ["node": $0]
            )
        }
        self.states = HandleTable(limit: Self.nodeLimit) { node in
            HandleSet {
                registry.gauge(
                    "godwit_peer_state",
                    help: "Whether another node is in a state (1) or not (0).",
                    labels: ["node": node, "state": $0]
                )
            }
        }
    }

    /// Counts a choice and the time that it took, in nanoseconds.
    package func decided(nanoseconds: UInt64) { decisions.record(nanoseconds: nanoseconds) }

    /// Counts a choice that the shadow policy would have made differently.
    package func shadowDisagreed() { disagreements.add() }

    /// Counts a choice of another node than the best.
    package func explored() { explorations.add() }

    /// Counts a call that is sent to another node after the first could not take it; `reason` of a small set of words.
    package func retried(because reason: String) { retries[reason].add() }

    /// Shows the state of another node: 1 for it, 0 for all others.
    package func setPeer(_ node: String, state: PeerState) {
        let gauges = states[node]
        for other in PeerState.allCases { gauges[other].set(other == state ? 1 : 0) }
    }

    /// Shows the round-trip time to another node, in nanoseconds.
    package func setRoundTrip(to node: String, nanoseconds: UInt64) {
        roundTrips[node].set(Double(nanoseconds) / 1e9)
    }

    /// Forgets a node that has left; ``NodeMetrics/forget(node:)`` calls it and removes the series.
    func forget(node: String) {
        states.remove(node)
        roundTrips.remove(node)
    }
}
