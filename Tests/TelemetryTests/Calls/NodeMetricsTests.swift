import Telemetry
import Testing

@Suite struct NodeMetricsTests {
    @Test func namesAreAsAgreed() {
        let node = NodeMetrics()
        let call = node.function("greet")
        for result in CallResult.allCases { call.finished(result, nanoseconds: 1) }
        call.finished(.rejected)
        call.queued(nanoseconds: 1)
        call.started(.warm)
        call.started(.cold)
        for phase in StartPhase.allCases { call.started(phase, nanoseconds: 1) }
        call.usedCPU(nanoseconds: 250_000_000)
        call.usedEnergy(joules: 0.5, method: .model)
        call.violated(.seccomp)
        call.setInstances(3, .idle)
        call.setQueueLength(4)
        node.async.accepted()
        node.async.completed()
        node.async.retried()
        node.async.died()
        node.async.setBacklog(queued: 7, dead: 2)
        node.route("/v1/functions").answered(status: 404)
        node.route("/v1/functions").answered(status: 0)
        node.droppedRecords(2)
        call.emitted(grams: 1.5e-6, method: .command)
        call.missedObjective()
        call.placed(on: "edge-1")
        node.placed(on: "edge-1", function: "greet")
        let text = node.registry.exposition()
        for line in [
            "godwit_calls_total{function=\"greet\",outcome=\"ok\"} 1",
            "godwit_calls_total{function=\"greet\",outcome=\"function_error\"} 1",
            "godwit_calls_total{function=\"greet\",outcome=\"platform_error\"} 1",
            "godwit_calls_total{function=\"greet\",outcome=\"timeout\"} 1",
            "godwit_calls_total{function=\"greet\",outcome=\"rejected\"} 2",
            "godwit_calls_total{function=\"greet\",outcome=\"cancelled\"} 1",
            "godwit_call_duration_seconds_count{function=\"greet\"} 6",
            "godwit_call_queue_seconds_count{function=\"greet\"} 1",
            "godwit_start_seconds_count{function=\"greet\",phase=\"spawn\"} 1",
            "godwit_start_seconds_count{function=\"greet\",phase=\"runtime\"} 1",
            "godwit_start_seconds_count{function=\"greet\",phase=\"first_answer\"} 1",
            "godwit_starts_total{function=\"greet\",start=\"cold\"} 1",
            "godwit_starts_total{function=\"greet\",start=\"warm\"} 1",
            "godwit_cpu_seconds_total{function=\"greet\"} 0.25",
            "godwit_energy_joules_total{function=\"greet\",method=\"model\"} 0.5",
            "godwit_sandbox_violations_total{function=\"greet\",layer=\"seccomp\"} 1",
            "godwit_instances{function=\"greet\",state=\"idle\"} 3", "godwit_queue_length{function=\"greet\"} 4",
            "godwit_async_accepted_total 1", "godwit_async_completed_total 1", "godwit_async_retries_total 1",
            "godwit_async_dead_total 1", "godwit_async_backlog 7", "godwit_async_dead_letters 2",
            "godwit_http_requests_total{code=\"4xx\",route=\"/v1/functions\"} 1",
            "godwit_http_requests_total{code=\"other\",route=\"/v1/functions\"} 1", "godwit_records_dropped_total 2",
            "godwit_carbon_grams_total{function=\"greet\",method=\"command\"} 1.5e-06",
            "godwit_objective_violations_total{function=\"greet\"} 1",
            "godwit_placements_total{function=\"greet\",node=\"edge-1\"} 2",
        ] {
            #expect(text.contains("\n\(line)\n"), "\(line)")
        }
        #expect(call.durations().count == 6)
    }

    @Test func aFunctionIsRegisteredOnce() {
        let node = NodeMetrics()
        #expect(node.function("a") === node.function("a"))
        #expect(node.route("/x") === node.route("/x"))
    }

    @Test func aForgottenFunctionStaysForgotten() {
        let node = NodeMetrics()
        let call = node.function("gone")
        call.finished(.ok, nanoseconds: 1)
        node.forget(function: "gone")
        call.finished(.ok, nanoseconds: 1)
        call.finished(.timeout, nanoseconds: 1)
        call.violated(.memory)
        call.placed(on: "edge-1")
        call.emitted(grams: 1, method: .model)
        call.missedObjective()
        node.settled(EnergySettlement(measured: 1, idle: 0, shares: ["gone": 1], unattributed: 0))
        #expect(!node.registry.exposition().contains("gone"))
        node.function("gone").finished(.ok)
        #expect(node.registry.exposition().contains("godwit_calls_total{function=\"gone\",outcome=\"ok\"} 1\n"))
    }

    @Test func functionsAreBounded() {
        let node = NodeMetrics(functionLimit: 2)
        for index in 0..<5 { node.function("f\(index)").finished(.ok) }
        let text = node.registry.exposition()
        #expect(text.contains("godwit_calls_total{function=\"other\",outcome=\"ok\"} 3\n"))
        #expect(!text.contains("f2"))
    }

    @Test func settledEnergyReachesItsFunctions() {
        let node = NodeMetrics()
        _ = node.function("a")
        let settlement = EnergySettlement(
            measured: 4,
            idle: 1,
            shares: ["a": 1.25, "gone": 0.25],
            unattributed: 1.5,
            method: .powercap,
            nanoseconds: 2_000_000_000
        )
        node.settled(settlement)
        #expect(!node.registry.exposition().contains("carbon"))
        node.settled(settlement, intensity: 360_000)
        node.settled(EnergySettlement(measured: 3, idle: 3, shares: [:], unattributed: 0, nanoseconds: 1_000_000_000))
        node.energy.setUtilisation(0.25)
        let text = node.registry.exposition()
        for line in [
            "godwit_energy_joules_total{function=\"a\",method=\"powercap\"} 2.5",
            "godwit_carbon_grams_total{function=\"a\",method=\"powercap\"} 0.125",
            "godwit_carbon_intensity_grams_per_kwh 360000",
            "godwit_node_energy_joules_total{method=\"powercap\",part=\"idle\"} 2",
            "godwit_node_energy_joules_total{method=\"powercap\",part=\"functions\"} 3",
            "godwit_node_energy_joules_total{method=\"powercap\",part=\"unattributed\"} 3",
            "godwit_node_energy_joules_total{method=\"model\",part=\"idle\"} 3",
            "godwit_node_power_watts{method=\"powercap\"} 0", "godwit_node_power_watts{method=\"model\"} 3",
            "godwit_node_utilisation_ratio 0.25",
        ] {
            #expect(text.contains("\n\(line)\n"), "\(line)")
        }
        #expect(!text.contains("gone"))
    }

    @Test(arguments: [
        (100, "1xx"), (204, "2xx"), (308, "3xx"), (499, "4xx"), (599, "5xx"), (600, "other"), (-1, "other"),
    ])
    func statusClasses(_ status: Int, _ text: String) { #expect(StatusClass(status: status).text == text) }

    @Test func seriesAreMadeOnceByManyThreads() async {
        let node = NodeMetrics()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<1000 { node.function("a").finished(.cancelled, nanoseconds: 5) } }
            }
        }
        let text = node.registry.exposition()
        #expect(text.contains("godwit_calls_total{function=\"a\",outcome=\"cancelled\"} 8000\n"))
    }
}
