/// A version of a function that a node no longer runs, because its instances broke out of their bounds again and again.
package struct QuarantinedVersion: Hashable, Sendable, Codable {
    package let function: FunctionName
    package let version: VersionNumber
    /// The node that keeps it from running.
    package let node: NodeName
    package let since: Timestamp
    /// The last violation, in words.
    package let reason: String

    package init(
        function: FunctionName,
        version: VersionNumber,
        node: NodeName,
        since: Timestamp,
        reason: String
    ) {
        self.function = function
        self.version = version
        self.node = node
        self.since = since
        self.reason = reason
    }
}
