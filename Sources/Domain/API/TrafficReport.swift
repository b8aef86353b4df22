/// Where calls went in the last seconds: the body of `GET /v1/traffic`.
package struct TrafficReport: Hashable, Sendable, Codable {
    /// The calls that one node ran for those placed by the asked node.
    package struct Share: Hashable, Sendable, Codable {
        package let node: NodeName
        package let calls: Int
        package let failures: Int
        /// Milliseconds from the decision to the end.
        package let p50: Double
        package let p95: Double
        package let joules: Double
        package let grams: Double
        /// Calls that took longer than their function's objective.
        package let violations: Int
        package let cold: Int

        package init(
            node: NodeName,
            calls: Int,
            failures: Int,
            p50: Double,
            p95: Double,
            joules: Double,
            grams: Double,
            violations: Int,
            cold: Int
        ) {
            self.node = node
            self.calls = calls
            self.failures = failures
            self.p50 = p50
            self.p95 = p95
            self.joules = joules
            self.grams = grams
            self.violations = violations
            self.cold = cold
        }
    }

    /// What the numbers cover.
    package let seconds: Double
    package let shares: [Share]

    package init(seconds: Double, shares: [Share]) {
        self.seconds = seconds
        self.shares = shares
    }
}
