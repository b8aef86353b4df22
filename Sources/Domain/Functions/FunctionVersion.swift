/// One immutable version of a function.
package struct FunctionVersion: Hashable, Sendable, Codable {
    package let number: VersionNumber
    package let digest: Digest
    package let spec: FunctionSpec
    /// Bytes of the bundle as uploaded.
    package let bundleSize: UInt64
    package let published: Timestamp

    package init(
        number: VersionNumber,
        digest: Digest,
        spec: FunctionSpec,
        bundleSize: UInt64,
        published: Timestamp
    ) {
        self.number = number
        self.digest = digest
        self.spec = spec
        self.bundleSize = bundleSize
        self.published = published
    }
}
