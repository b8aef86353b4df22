/// The metrics of asynchronous calls.
package struct AsyncMetrics: Sendable {
    private let acceptedCount: CounterHandle
    private let completedCount: CounterHandle
    private let retryCount: CounterHandle
    private let deadCount: CounterHandle
    private let backlog: GaugeHandle
    private let deadLetters: GaugeHandle

    /// Registers the metrics.
    package init(in registry: MetricRegistry) {
        self.acceptedCount = registry.counter(
            "godwit_async_accepted_total",
            help: "Asynchronous calls that were accepted."
        )
        self.completedCount = registry.counter(
            "godwit_async_completed_total",
            help: "Asynchronous calls that succeeded."
        )
        self.retryCount = registry.counter(
            "godwit_async_retries_total",
            help: "Further attempts at asynchronous calls."
        )
        self.deadCount = registry.counter(
            "godwit_async_dead_total",
            help: "Asynchronous calls that became dead letters."
        )
        self.backlog = registry.gauge(
            "godwit_async_backlog",
            help: "Asynchronous calls that wait for an attempt."
        )
        self.deadLetters = registry.gauge("godwit_async_dead_letters", help: "Dead letters that are kept.")
    }

    /// Counts a call that was accepted.
    package func accepted() { acceptedCount.add() }

    /// Counts a call that succeeded.
    package func completed() { completedCount.add() }

    /// Counts a further attempt.
    package func retried() { retryCount.add() }

    /// Counts a call that was given up.
    package func died() { deadCount.add() }

    /// Sets how many calls wait, and how many dead letters there are.
    package func setBacklog(queued: Int, dead: Int) {
        backlog.set(Double(queued))
        deadLetters.set(Double(dead))
    }
}
