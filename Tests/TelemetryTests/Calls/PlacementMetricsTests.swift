import Telemetry
import Testing

@Suite struct PlacementMetricsTests {
    private static func count(_ text: String, of name: String) -> Int {
        text.split(separator: "\n").count { $0.hasPrefix(name + "{") }
    }

    @Test func namesAreAsAgreed() {
        let node = NodeMetrics()
        node.placement.decided(nanoseconds: 12_000)
        node.placement.shadowDisagreed()
        node.placement.explored()
        node.placement.retried(because: "unreachable")
        node.placement.retried(because: "unreachable")
        node.placement.setPeer("edge-1", state: .ready)
        node.placement.setPeer("edge-1", state: .suspect)
        node.placement.setRoundTrip(to: "edge-1", nanoseconds: 1_500_000)
        let text = node.registry.exposition()
        for line in [
            "godwit_placement_decision_seconds_count 1", "godwit_placement_decision_seconds_sum 0.000012",
            "godwit_placement_shadow_disagreements_total 1", "godwit_placement_explorations_total 1",
            "godwit_offload_retries_total{reason=\"unreachable\"} 2",
            "godwit_peer_state{node=\"edge-1\",state=\"ready\"} 0",
            "godwit_peer_state{node=\"edge-1\",state=\"draining\"} 0",
            "godwit_peer_state{node=\"edge-1\",state=\"suspect\"} 1",
            "godwit_peer_state{node=\"edge-1\",state=\"dead\"} 0",
            "godwit_peer_state{node=\"edge-1\",state=\"removed\"} 0",
            "godwit_peer_round_trip_seconds{node=\"edge-1\"} 0.0015",
        ] {
            #expect(text.contains("\n\(line)\n"), "\(line)")
        }
    }

    @Test func labelsAreBounded() {
        let node = NodeMetrics(functionLimit: 3)
        for index in 0..<1000 {
            node.placed(on: "n\(index)", function: "f\(index % 10)")
            node.placement.retried(because: "reason \(index)")
            node.placement.setPeer("n\(index)", state: .dead)
            node.placement.setRoundTrip(to: "n\(index)", nanoseconds: 1)
        }
        let text = node.registry.exposition()
        #expect(Self.count(text, of: "godwit_placements_total") == 401)
        #expect(text.contains("godwit_placements_total{function=\"other\",node=\"other\"} 600\n"))
        #expect(Self.count(text, of: "godwit_offload_retries_total") == 21)
        #expect(text.contains("godwit_offload_retries_total{reason=\"other\"} 980\n"))
        #expect(Self.count(text, of: "godwit_peer_state") == 101 * PeerState.allCases.count)
        #expect(Self.count(text, of: "godwit_peer_round_trip_seconds") == 101)
    }

    @Test func aNodeThatHasLeftIsForgotten() {
        let node = NodeMetrics()
        for name in ["gone", "here"] {
            node.placed(on: name, function: "greet")
            node.placement.setPeer(name, state: .ready)
            node.placement.setRoundTrip(to: name, nanoseconds: 1)
        }
        node.forget(node: "gone")
        let text = node.registry.exposition()
        #expect(!text.contains("gone"))
        #expect(text.contains("here"))
        // When it comes back it is counted anew.
        node.placed(on: "gone", function: "greet")
        node.placement.setPeer("gone", state: .ready)
        let later = node.registry.exposition()
        #expect(later.contains("godwit_placements_total{function=\"greet\",node=\"gone\"} 1\n"))
        #expect(later.contains("godwit_peer_state{node=\"gone\",state=\"ready\"} 1\n"))
    }
}
