import Continuum
import Domain

/// What two nodes tell one another every second.
struct GossipMessage: Codable, Sendable {
    /// Bytes of a message at most.
    static let sizeLimit = 1 << 20

    /// What the sender says of itself, then of others.
    let reports: [NodeReport]
    /// The state of functions, weights and access, where the sender is the one who keeps them.
    let control: String?
}
