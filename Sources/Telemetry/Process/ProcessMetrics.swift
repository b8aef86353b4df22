/// The metrics that Prometheus clients give about their own process, under the usual names.
package struct ProcessMetrics: Sendable {
    private let cpu: FloatCounterHandle
    private let resident: GaugeHandle
    private let start: GaugeHandle
    private let open: GaugeHandle
    private let limit: GaugeHandle

    /// Registers the metrics and has them read from /proc/self at every exposition.
    @discardableResult
    package init(in registry: MetricRegistry) {
        self.cpu = registry.floatCounter(
            "process_cpu_seconds_total",
            help: "Total user and system CPU time spent in seconds."
        )
        self.resident = registry.gauge("process_resident_memory_bytes", help: "Resident memory size in bytes.")
        self.start = registry.gauge(
            "process_start_time_seconds",
            help: "Start time of the process since unix epoch in seconds."
        )
        self.open = registry.gauge("process_open_fds", help: "Number of open file descriptors.")
        self.limit = registry.gauge("process_max_fds", help: "Maximum number of open file descriptors.")
        let metrics = self
        registry.addCollector { metrics.update() }
    }

    private func update() {
        guard let sample = ProcessSample.read() else { return }
        cpu.advance(to: sample.cpuSeconds)
        resident.set(Double(sample.residentBytes))
        start.set(sample.startSeconds)
        open.set(Double(sample.openDescriptors))
        limit.set(sample.descriptorLimit.map { Double($0) } ?? .infinity)
    }
}
