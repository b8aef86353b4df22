/// The HTTP requests of one route.
package final class RouteMetrics: Sendable {
    private let requests: HandleSet<StatusClass, CounterHandle>

    /// Registers the metrics of a route, given as a pattern.
    package init(route: String, in registry: MetricRegistry) {
        self.requests = HandleSet {
            registry.counter(
                "godwit_http_requests_total",
                help: "HTTP requests by route and class of the response's status.",
                labels: ["route": route, "code": $0]
            )
        }
    }

    /// Counts a request that was answered with this status.
    package func answered(status: Int) { requests[StatusClass(status: status)].add() }
}
