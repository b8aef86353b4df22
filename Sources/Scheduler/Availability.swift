/// Whether a node takes calls.
package enum Availability: Hashable, Sendable {
    case available
    /// It does not, for example because it drains, is suspected to be dead, or has no executor; `reason` says so in words
    /// that follow the node's name.
    case unavailable(reason: String)
}
