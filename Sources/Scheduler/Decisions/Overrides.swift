package import Domain

/// What is taken to be otherwise when a decision is repeated.
package struct Overrides: Hashable, Sendable {
    /// Other weights; nil for those of the decision.
    package var weights: Weights?
    /// Other round-trip times to nodes, in milliseconds.
    package var roundTrips: [NodeName: Double]
    /// Other waits at nodes, in milliseconds.
    package var waits: [NodeName: Double]

    /// Overrides; without any, all is as it was.
    package init(
        weights: Weights? = nil,
        roundTrips: [NodeName: Double] = [:],
        waits: [NodeName: Double] = [:]
    ) {
        self.weights = weights
        self.roundTrips = roundTrips
        self.waits = waits
    }
}
