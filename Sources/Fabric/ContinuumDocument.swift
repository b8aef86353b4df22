/// What a node keeps about its continuum beside the weights, each as one document.
package enum ContinuumDocument: String, Sendable, CaseIterable {
    /// Join tokens that were handed out: their hashes.
    case invitations
    /// Certificates that are no longer good.
    case revocations
    /// Nodes that were known, and where to reach them.
    case members
    /// Settings that an operator or an agent turned.
    case knobs
    /// Versions that this node no longer runs.
    case quarantine
    /// Which tiers may read which secrets.
    case secretTiers = "secret-tiers"
    /// Tokens, by their hashes, that a node took over from the one it follows.
    case followed
}
