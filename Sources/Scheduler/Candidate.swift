package import Domain

/// A node that could run a call, as the policy sees it at the moment of the decision.
package struct Candidate: Hashable, Sendable, Codable {
    package let node: NodeDescription
    /// Whether it is the node that decides.
    package let isLocal: Bool
    /// Calls that wait there for an instance of the function.
    package let queued: Int
    /// Whether an instance is idle there.
    package let isWarm: Bool

    package init(node: NodeDescription, isLocal: Bool, queued: Int, isWarm: Bool) {
        self.node = node
        self.isLocal = isLocal
        self.queued = queued
        self.isWarm = isWarm
    }
}
