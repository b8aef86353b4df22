import Continuum
import Domain

/// What the founder keeps and every other node copies: functions, weights, who may do what.
struct ControlSnapshot: Codable, Sendable {
    let functions: [PublishedFunction]
    let weights: WeightRevision
    /// Tokens by their hashes.
    let tokens: [TokenRecord]
    let revocations: Revocations
    /// The tiers that may read a secret, by its name.
    let secretTiers: [String: [Tier]]
    /// When each secret was last set, so that a change of one shows.
    let secretChanges: [String: Timestamp]
}
