package import Domain

/// Why a join token was not accepted.
package enum JoinRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text is no join token.
    case malformed
    /// No such token was made here, or it is forgotten.
    case unknown
    /// The id is one of ours, the rest is not.
    case wrongSecret(id: String)
    /// A node has joined with it already: its owner may have lost it to someone.
    case used(id: String, at: Timestamp)
    /// Its time is over.
    case expired(id: String, at: Timestamp)
    /// It is good for another name only.
    case wrongName(id: String, asked: NodeName)
    /// It is good for another tier only.
    case wrongTier(id: String, asked: Tier)

    /// What to tell whoever sent it: the reason only where they have shown that they hold a token that is good.
    package var answer: String {
        switch self {
        case .malformed, .unknown, .wrongSecret, .used, .expired: "the join token is not valid"
        case .wrongName: "the join token is for a node of another name"
        case .wrongTier: "the join token is for a node of another tier"
        }
    }

    /// What to log: everything but the token.
    package var description: String {
        switch self {
        case .malformed: "the text is no join token"
        case .unknown: "there is no such join token"
        case .wrongSecret(let id): "join token \(id) came with a wrong secret"
        case .used(let id, let time): "join token \(id) was used on \(time) already"
        case .expired(let id, let time): "join token \(id) expired on \(time)"
        case .wrongName(let id, let asked): "join token \(id) is not for the name \(asked)"
        case .wrongTier(let id, let asked): "join token \(id) is not for the tier \(asked)"
        }
    }
}
