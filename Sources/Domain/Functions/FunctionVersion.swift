/// One immutable version of a function.
///
/// Every call refers to it from several places, which costs one count of references each as it is a class; a structure of
/// all this would cost a dozen.
package final class FunctionVersion: Hashable, Sendable, Codable {
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

    package static func == (left: FunctionVersion, right: FunctionVersion) -> Bool {
        left === right
            || left.number == right.number && left.digest == right.digest && left.spec == right.spec
                && left.bundleSize == right.bundleSize && left.published == right.published
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(spec.name)
        hasher.combine(number)
        hasher.combine(digest)
    }
}
