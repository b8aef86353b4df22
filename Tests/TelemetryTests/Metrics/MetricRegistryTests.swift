import Telemetry
import Testing

@Suite struct MetricRegistryTests {
    @Test func exposesWhatPrometheusReads() {
        let registry = MetricRegistry()
        registry.counter("godwit_calls", help: "Calls \\ by\noutcome.", labels: ["outcome": "ok", "function": "b"]).add(
            2
        )
        registry.counter("godwit_calls_total", help: "", labels: ["function": "a\"\\\n", "outcome": "é"]).add()
        registry.floatCounter("godwit_energy_joules_total", help: "Energy.").add(0.00125)
        registry.gauge("godwit_queue_length", help: "Queue.").set(-3)
        registry.gauge("godwit_limit", help: "Limit.").set(.infinity)
        let duration = registry.histogram("godwit_call_duration_seconds", help: "Time.", labels: ["function": "a"])
        for value in [90_000, 500_000, 500_001, 2_000_000, 100_000_000_000] as [UInt64] {
            duration.record(nanoseconds: value)
        }
        #expect(
            registry.exposition() == """
                # HELP godwit_call_duration_seconds Time.
                # TYPE godwit_call_duration_seconds histogram
                godwit_call_duration_seconds_bucket{function="a",le="0.0001"} 1
                godwit_call_duration_seconds_bucket{function="a",le="0.00025"} 1
                godwit_call_duration_seconds_bucket{function="a",le="0.0005"} 2
                godwit_call_duration_seconds_bucket{function="a",le="0.001"} 3
                godwit_call_duration_seconds_bucket{function="a",le="0.0025"} 4
                godwit_call_duration_seconds_bucket{function="a",le="0.005"} 4
                godwit_call_duration_seconds_bucket{function="a",le="0.01"} 4
                godwit_call_duration_seconds_bucket{function="a",le="0.025"} 4
                godwit_call_duration_seconds_bucket{function="a",le="0.05"} 4
                godwit_call_duration_seconds_bucket{function="a",le="0.1"} 4
                godwit_call_duration_seconds_bucket{function="a",le="0.25"} 4
                godwit_call_duration_seconds_bucket{function="a",le="0.5"} 4
                godwit_call_duration_seconds_bucket{function="a",le="1"} 4
                godwit_call_duration_seconds_bucket{function="a",le="2.5"} 4
                godwit_call_duration_seconds_bucket{function="a",le="5"} 4
                godwit_call_duration_seconds_bucket{function="a",le="10"} 4
                godwit_call_duration_seconds_bucket{function="a",le="30"} 4
                godwit_call_duration_seconds_bucket{function="a",le="60"} 4
                godwit_call_duration_seconds_bucket{function="a",le="+Inf"} 5
                godwit_call_duration_seconds_sum{function="a"} 100.003090001
                godwit_call_duration_seconds_count{function="a"} 5
                # HELP godwit_calls_total Calls \\\\ by\\noutcome.
                # TYPE godwit_calls_total counter
                godwit_calls_total{function="a\\"\\\\\\n",outcome="é"} 1
                godwit_calls_total{function="b",outcome="ok"} 2
                # HELP godwit_energy_joules_total Energy.
                # TYPE godwit_energy_joules_total counter
                godwit_energy_joules_total 0.00125
                # HELP godwit_limit Limit.
                # TYPE godwit_limit gauge
                godwit_limit +Inf
                # HELP godwit_queue_length Queue.
                # TYPE godwit_queue_length gauge
                godwit_queue_length -3

                """
        )
        #expect(Exposition.contentType == "text/plain; version=0.0.4; charset=utf-8")
    }

    @Test func theSameLabelsAreTheSameSeries() {
        let registry = MetricRegistry()
        let one = registry.counter("calls", help: "", labels: ["a": "1", "b": "2"])
        #expect(registry.counter("calls_total", help: "", labels: ["b": "2", "a": "1"]) === one)
        #expect(registry.counter("calls", help: "", labels: ["a": "1", "b": "3"]) !== one)
    }

    @Test func beyondTheLimitSeriesShareOne() {
        let registry = MetricRegistry(seriesLimit: 3)
        for index in 0..<10 { registry.counter("calls", help: "Calls.", labels: ["function": "f\(index)"]).add() }
        registry.counter("calls", help: "Calls.", labels: ["function": "f1"]).add()
        let text = registry.exposition()
        #expect(text.contains("calls_total{function=\"f1\"} 2\n"))
        #expect(text.contains("calls_total{function=\"other\"} 7\n"))
        #expect(!text.contains("f3"))
        #expect(text.contains("godwit_metric_series_dropped_total{metric=\"calls_total\"} 7\n"))
    }

    @Test func metricsAreBoundedToo() {
        let registry = MetricRegistry(familyLimit: 4)
        for index in 0..<10 { registry.gauge("g\(index)", help: "").set(1) }
        let text = registry.exposition()
        #expect(text.contains("g2 1\n"))
        #expect(!text.contains("g3"))
        #expect(text.contains("godwit_metric_series_dropped_total{metric=\"other\"} 7\n"))
    }

    @Test func aNameOfAnotherTypeHarmsNobody() {
        let registry = MetricRegistry()
        registry.gauge("calls_total", help: "").set(1)
        registry.counter("calls_total", help: "").add(5)
        registry.counter("joules", help: "").add(5)
        registry.floatCounter("joules", help: "").add(7)
        let text = registry.exposition()
        #expect(text.contains("calls_total 1\n"))
        #expect(text.contains("joules_total 5\n"))
        #expect(text.contains("godwit_metric_series_dropped_total{metric=\"other\"} 2\n"))
    }

    @Test func removesTheSeriesOfALabel() {
        let registry = MetricRegistry()
        for name in ["a", "b"] {
            registry.counter("calls", help: "", labels: ["function": name, "outcome": "ok"]).add()
            registry.histogram("d_seconds", help: "", labels: ["function": name]).record(nanoseconds: 1)
        }
        #expect(registry.remove(label: "function", value: "a") == 2)
        #expect(registry.remove(label: "function", value: "a") == 0)
        let text = registry.exposition()
        #expect(!text.contains("\"a\""))
        #expect(text.contains("calls_total{function=\"b\",outcome=\"ok\"} 1"))
    }

    @Test func collectorsAreAskedAtEveryExposition() {
        let registry = MetricRegistry()
        let gauge = registry.gauge("pool", help: "")
        registry.addCollector { gauge.add(1) }
        #expect(registry.exposition().contains("pool 1\n"))
        #expect(registry.exposition().contains("pool 2\n"))
    }

    @Test func countersOnlyGrow() {
        let counter = FloatCounterHandle()
        counter.add(2)
        for amount in [-1, .nan, .infinity, -.infinity] as [Double] { counter.add(amount) }
        counter.advance(to: 1)
        counter.advance(to: .nan)
        #expect(counter.value == 2)
        counter.advance(to: 3)
        #expect(counter.value == 3)
    }

    @Test(arguments: [
        ("requests", "requests"), ("a.b-c", "a_b_c"), ("9lives", "_9lives"), ("", "_"), ("a:b", "a:b"), ("é", "__"),
        ("x\ny{z}", "x_y_z_"),
    ])
    func namesAreMadeLegal(_ given: String, _ legal: String) { #expect(MetricName.metric(given) == legal) }

    @Test(arguments: [("le", "label_le"), ("__name__", "label___name__"), ("a:b", "a_b"), ("function", "function")])
    func labelNamesAreMadeLegal(_ given: String, _ legal: String) { #expect(MetricName.label(given) == legal) }
}
