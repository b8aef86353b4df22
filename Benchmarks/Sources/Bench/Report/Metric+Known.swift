extension Metric {
    static let rate = Metric(id: "rate", title: "calls", unit: "/s", better: .higher)
    static let median = Metric(id: "p50", title: "p50", unit: "µs", better: .lower)
    static let high = Metric(id: "p95", title: "p95", unit: "µs", better: .lower)
    static let tail = Metric(id: "p99", title: "p99", unit: "µs", better: .lower)
    /// Processor time of whatever is between the client and the function.
    static let platformCPU = Metric(id: "cpu", title: "CPU a call", unit: "µs", better: .lower)
    /// Processor time of the function's own processes.
    static let functionCPU = Metric(id: "function-cpu", title: "function's CPU a call", unit: "µs", better: .lower)
    /// What something takes beyond the reference of the same round.
    static let addedMedian = Metric(id: "added-p50", title: "added to p50", unit: "µs", better: .lower)
    static let addedTail = Metric(id: "added-p99", title: "added to p99", unit: "µs", better: .lower)
    /// Calls that were accepted and finished, over the time until all of them were.
    static let completed = Metric(id: "completed", title: "finished", unit: "/s", better: .higher)

    static let startMedian = Metric(id: "start-p50", title: "p50", unit: "ms", better: .lower)
    static let startTail = Metric(id: "start-p99", title: "p99", unit: "ms", better: .lower)

    static let burstMedian = Metric(id: "burst-p50", title: "half of them answered", unit: "ms", better: .lower)
    static let burstLast = Metric(id: "burst-last", title: "all answered", unit: "ms", better: .lower)

    static let resident = Metric(id: "rss", title: "node resident", unit: "MiB", better: .lower)
    /// The part that is no page of a file.
    static let anonymous = Metric(id: "rss-anonymous", title: "of it anonymous", unit: "MiB", better: .lower)
    static let spawnerResident = Metric(id: "spawner-rss", title: "spawner resident", unit: "MiB", better: .lower)
    static let instances = Metric(id: "instances", title: "instances", unit: "", better: .lower)
    static let wakeUps = Metric(id: "wake-ups", title: "wake-ups", unit: "/s", better: .lower)
    static let cpuShare = Metric(id: "cpu-share", title: "CPU", unit: "ms/s", better: .lower)

    /// A phase that the node itself reports in `Server-Timing`.
    static func phase(_ name: String) -> Metric {
        Metric(id: "phase-\(name)", title: "node: \(name)", unit: "ms", better: .lower)
    }
}
