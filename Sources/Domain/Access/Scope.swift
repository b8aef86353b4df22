/// What a token lets its holder do.
package enum Scope: String, Hashable, Sendable, Codable, CaseIterable {
    /// Call functions, and follow and cancel the executions of those calls.
    case invoke
    /// Publish and delete functions, set aliases and secrets, read logs.
    case publish
    /// Everything that concerns the node: tokens, weights, metrics, dead letters.
    case operate
}
