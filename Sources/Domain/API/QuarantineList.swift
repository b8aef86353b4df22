/// The body of `GET /v1/quarantine`, and of what was released by `DELETE`.
package struct QuarantineList: Hashable, Sendable, Codable {
    package let versions: [QuarantinedVersion]
    /// Nodes that did not answer; nil where all did.
    package let missing: [NodeName]?

    package init(versions: [QuarantinedVersion], missing: [NodeName]? = nil) {
        self.versions = versions
        self.missing = missing
    }
}
