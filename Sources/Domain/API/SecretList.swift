/// The body of `GET /v1/secrets`: names, never values.
package struct SecretList: Hashable, Sendable, Codable {
    /// One secret, without its value.
    package struct Entry: Hashable, Sendable, Codable {
        package let name: SecretName
        /// When it was last set.
        package let changed: Timestamp

        package init(name: SecretName, changed: Timestamp) {
            self.name = name
            self.changed = changed
        }
    }

    package let secrets: [Entry]

    package init(secrets: [Entry]) { self.secrets = secrets }
}
