import Crypto
package import Domain

/// What is kept of a join token: never the token itself.
package struct JoinTokenRecord: Hashable, Sendable, Codable {
    /// The token's public part.
    package let id: String
    /// SHA-256 of the whole token, in hexadecimal.
    package let hash: String
    /// The only name that it is good for; nil means any.
    package let name: NodeName?
    /// The tier that whoever joins with it belongs to.
    package let tier: Tier
    /// When it was made.
    package let created: Timestamp
    /// The first moment at which it is no longer good.
    package let expires: Timestamp
    /// When a node joined with it; nil before that.
    package internal(set) var used: Timestamp?

    /// The record of a token that nobody has used.
    package init(token: JoinToken, name: NodeName?, tier: Tier, created: Timestamp, expires: Timestamp) {
        self.id = token.id
        self.hash = token.hash
        self.name = name
        self.tier = tier
        self.created = created
        self.expires = expires
        self.used = nil
    }

    /// Whether it is the record of that token; takes the same time wherever the two differ.
    func isRecord(of token: JoinToken) -> Bool {
        SHA256.hash(data: Array(token.text.utf8)) == (Hex.bytes(hash) ?? [])
    }
}
