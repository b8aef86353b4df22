/// The body of `GET /v1/secrets`: names, never values.
package struct SecretList: Hashable, Sendable, Codable {
    /// One secret, without its value.
    package struct Entry: Hashable, Sendable, Codable {
        package let name: SecretName
        /// When it was last set.
        package let changed: Timestamp
        /// The tiers whose nodes it reaches; nil where a node does not say.
        package let tiers: [Tier]?

        package init(name: SecretName, changed: Timestamp, tiers: [Tier]? = nil) {
            self.name = name
            self.changed = changed
            self.tiers = tiers
        }
    }

    package let secrets: [Entry]

    package init(secrets: [Entry]) { self.secrets = secrets }
}
