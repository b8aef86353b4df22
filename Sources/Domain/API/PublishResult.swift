/// What publishing a bundle led to.
package struct PublishResult: Hashable, Sendable, Codable {
    package let function: FunctionName
    package let version: VersionNumber
    package let digest: Digest
    /// False when the same bundle had been published before.
    package let isNew: Bool

    package init(function: FunctionName, version: VersionNumber, digest: Digest, isNew: Bool) {
        self.function = function
        self.version = version
        self.digest = digest
        self.isNew = isNew
    }
}
