/// The body of `PUT /v1/functions/{name}/aliases/{alias}`: where an alias is to point.
package struct AliasTarget: Hashable, Sendable, Codable {
    package let version: VersionNumber
    /// A second version with the share of calls it is to get; the rest stays with `version`.
    package let split: Alias.Split?

    package init(version: VersionNumber, split: Alias.Split? = nil) {
        self.version = version
        self.split = split
    }
}
