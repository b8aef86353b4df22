package import Domain

/// What an unpacked bundle turned out to be.
package struct UnpackedBundle: Hashable, Sendable {
    package let spec: FunctionSpec
    /// The SHA-256 of the bundle as uploaded.
    package let digest: Digest
    package let compressedBytes: UInt64
    package let unpackedBytes: UInt64
    /// Files, folders and links.
    package let entries: Int
}
