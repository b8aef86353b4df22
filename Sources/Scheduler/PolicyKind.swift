/// The rules by which a node for a call can be picked.
package enum PolicyKind: String, CaseIterable, Hashable, Sendable, Codable {
    /// Weighs predicted latency, energy, cost and carbon, guards objectives, and learns.
    case adaptive
    /// Any node that may run the call, with equal chance.
    case random
    /// One node after the other.
    case roundRobin = "round-robin"
    /// The node with the fewest calls per core.
    case leastLoaded = "least-loaded"
    /// The less loaded of two that chance names.
    case powerOfTwo = "power-of-two"
    /// The node with the least predicted latency.
    case shortestDelay = "shortest-delay"
    /// The node that the function's hash names, or the next while that is loaded beyond its share.
    case consistentHash = "consistent-hash"
    /// Nodes of the tier `edge` while they have room.
    case edgeFirst = "edge-first"
    /// Nodes of the tier `cloud` alone.
    case cloudOnly = "cloud-only"
    /// The cheapest of the nodes that meet the objective.
    case cheapestFeasible = "cheapest-feasible"
    /// The node that the call arrived at.
    case localOnly = "local-only"
}
