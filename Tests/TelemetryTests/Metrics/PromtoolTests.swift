import Telemetry
import Testing

/// What Prometheus itself says about our text.
@Suite(.enabled(if: Command.isInstalled("/usr/bin/promtool"), "promtool (Debian: prometheus) is not installed"))
struct PromtoolTests {
    @Test func acceptsTheMetricsOfANode() throws {
        let node = NodeMetrics()
        let call = node.function("greet")
        for result in CallResult.allCases { call.finished(result, nanoseconds: 1_500_000) }
        for phase in StartPhase.allCases { call.started(phase, nanoseconds: 700_000) }
        for layer in ViolationLayer.allCases { call.violated(layer) }
        for method in EnergyMethod.allCases { call.usedEnergy(joules: 1e-7, method: method) }
        for state in InstanceState.allCases { call.setInstances(2, state) }
        for method in EnergyMethod.allCases {
            call.emitted(grams: 1e-7, method: method)
            let settlement = EnergySettlement(
                measured: 3,
                idle: 1,
                shares: ["greet": 1],
                unattributed: 1,
                method: method,
                nanoseconds: 1_000_000_000
            )
            node.settled(settlement, intensity: 380)
        }
        node.energy.setUtilisation(0.5)
        call.placed(on: "edge-1")
        call.missedObjective()
        node.placement.decided(nanoseconds: 12_000)
        node.placement.shadowDisagreed()
        node.placement.explored()
        node.placement.retried(because: "unreachable")
        for state in PeerState.allCases { node.placement.setPeer("edge-1", state: state) }
        node.placement.setRoundTrip(to: "edge-1", nanoseconds: 1_200_000)
        call.started(.cold)
        call.queued(nanoseconds: 1)
        call.usedCPU(nanoseconds: 12_345)
        node.route("/function/{name}").answered(status: 200)
        LogWriter().register(in: node.registry)
        let text = node.registry.exposition()
        let result = try Command.run("/usr/bin/promtool", ["check", "metrics"], input: text)
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.isEmpty, "\(result.output)")
    }

    @Test func acceptsAnyLabelValueAndSanitisedNames() throws {
        let registry = MetricRegistry(seriesLimit: 2)
        for value in ["a\"b", "c\\d\n# HELP x y", "\u{0}\u{1b}[31m", "ü{}=,", ""] {
            registry.counter("bad name-\(value.utf8.count)", help: "h\\n\"\n", labels: ["x y": value]).add()
            registry.counter("folded", help: "Folded.", labels: ["x y": value]).add()
        }
        let result = try Command.run("/usr/bin/promtool", ["check", "metrics"], input: registry.exposition())
        #expect(result.status == 0, "\(result.output)")
    }

    @Test func rejectsWhatIsWrong() throws {
        let result = try Command.run("/usr/bin/promtool", ["check", "metrics"], input: "a{b=\"c} 1\n")
        #expect(result.status != 0)
    }
}
