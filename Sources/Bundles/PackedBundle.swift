package import Domain

/// What packing a bundle gave.
package struct PackedBundle: Hashable, Sendable {
    package let digest: Digest
    package let compressedBytes: UInt64
    package let unpackedBytes: UInt64
    /// Files, folders and links.
    package let entries: Int
}
