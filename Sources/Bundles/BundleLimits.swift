package import Domain

/// What a bundle may have at most.
///
/// The bounds keep a hostile upload from filling the disk or the time of a node.
package struct BundleLimits: Sendable {
    /// The bundle as uploaded.
    package var compressed: ByteSize
    /// All its files together.
    package var unpacked: ByteSize
    /// Files, folders and links together, folders that are only implied included.
    package var entries: Int
    /// Unpacked bytes for one compressed byte, from ``ratioFloor`` on.
    package var ratio: UInt64
    /// Below so many unpacked bytes the ratio does not matter.
    package var ratioFloor: ByteSize

    package init(
        compressed: ByteSize = .mebibytes(256),
        unpacked: ByteSize = .gibibytes(1),
        entries: Int = 20_000,
        ratio: UInt64 = 200,
        ratioFloor: ByteSize = .mebibytes(10)
    ) {
        self.compressed = compressed
        self.unpacked = unpacked
        self.entries = entries
        self.ratio = ratio
        self.ratioFloor = ratioFloor
    }

    /// Bytes the tar stream itself may have: the files, and a header, padding and long name for each entry.
    var stream: UInt64 { unpacked.bytes + UInt64(entries) * 8192 }

    /// Refuses so many unpacked bytes from so many compressed ones.
    func check(unpacked bytes: UInt64, from compressedBytes: UInt64) throws(BundleError) {
        guard bytes <= unpacked.bytes else {
            throw BundleError(.tooLarge, "the bundle unpacks to more than \(unpacked)")
        }
        guard bytes <= ratioFloor.bytes || bytes / ratio <= compressedBytes else {
            throw BundleError(.tooLarge, "the bundle unpacks to more than \(ratio) times its size")
        }
    }
}
