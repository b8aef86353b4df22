package import Domain

/// What a node sends to join.
package struct JoinRequest: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The join token, as it was copied: a secret.
    package let token: String
    /// The name that the node wants.
    package let name: NodeName
    /// The tier that the node takes itself for; nil leaves it to the token.
    package let tier: Tier?
    /// The site that the node stands at; nil when it has none.
    package let site: Site?
    /// The certificate request, as PEM.
    package let request: String
    /// `https://HOST:PORT` of the node's peer interface; nil when its peers cannot connect to it.
    package let address: String?

    /// A request to join.
    package init(token: String, name: NodeName, tier: Tier? = nil, site: Site?, request: String, address: String?) {
        self.token = token
        self.name = name
        self.tier = tier
        self.site = site
        self.request = request
        self.address = address
    }

    /// Names the node, and leaves out the token.
    package var description: String { "join request of \(name)" }
}
