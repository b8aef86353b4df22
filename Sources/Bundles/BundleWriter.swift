import Domain

/// Packs files into a bundle: a tar compressed with zstd, the same bytes for the same files.
///
/// Entries are sorted by the bytes of their paths; times, users and groups are left out, and modes are 0755 or 0644.
/// Blocks; call it from a thread that may.
package struct BundleWriter: Sendable {
    private let limits: BundleLimits

    package init(limits: BundleLimits = .init()) { self.limits = limits }

    /// Packs entries into file `path`, which is replaced.
    package func write(_ entries: [BundleEntry], to path: String) throws(BundleError) -> PackedBundle {
        let file = try System.replaceFile(path)
        let (tree, unpacked) = try System.withUTF8Names { () throws(BundleError) in
            try fill(file, with: entries)
        }
        let (digest, compressed) = try FileDigest.of(file, path: path, limit: limits.compressed)
        return PackedBundle(digest: digest, compressedBytes: compressed, unpackedBytes: unpacked, entries: tree.count)
    }

    private func fill(
        _ file: borrowing Descriptor,
        with entries: [BundleEntry]
    ) throws(BundleError) -> (EntryTree, UInt64) {
        var writer = try ArchiveWriter(writing: file)
        var tree = EntryTree(limits: limits)
        var total: UInt64 = 0
        let sorted = entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        for entry in sorted {
            guard let path = try BundlePath.parse(Array(entry.path.utf8)) else { continue }
            switch entry.content {
            case .folder:
                try tree.add(path, as: .folder)
                try writer.begin(path, as: .folder, size: 0, isExecutable: true)
            case .link(let target):
                try tree.add(path, as: .link)
                try path.checkLink(to: Array(target.utf8))
                try writer.begin(path, as: .link(target: Array(target.utf8)), size: 0, isExecutable: true)
            case .bytes(let bytes):
                try tree.add(path, as: .file)
                total = try checked(total + UInt64(bytes.count))
                try writer.begin(path, as: .file, size: UInt64(bytes.count), isExecutable: entry.isExecutable)
                try writer.write(bytes)
            case .file(let source):
                try tree.add(path, as: .file)
                let content = try System.openFile(source, following: true)
                let status = try System.status(of: content.raw, path: source)
                guard status.kind == .file else {
                    throw BundleError(.refused, "'\(Printable.text(source))' is no file")
                }
                total = try checked(total + status.size)
                try writer.begin(path, as: .file, size: status.size, isExecutable: entry.isExecutable)
                try copy(content, of: status.size, source: source, to: &writer)
            }
        }
        try writer.finish()
        return (tree, total)
    }

    private func copy(
        _ content: borrowing Descriptor,
        of size: UInt64,
        source: String,
        to writer: inout ArchiveWriter
    ) throws(BundleError) {
        var left = size
        while left > 0 {
            let bytes = try System.read(content.raw, limit: Int(min(left, UInt64(ArchiveReader.chunk))), path: source)
            guard !bytes.isEmpty else {
                throw BundleError(.storage, "'\(Printable.text(source))' changed while it was packed")
            }
            try writer.write(bytes)
            left -= UInt64(bytes.count)
        }
    }

    private func checked(_ total: UInt64) throws(BundleError) -> UInt64 {
        guard total <= limits.unpacked.bytes else {
            throw BundleError(
                .tooLarge,
                "the files have more than \(limits.unpacked) together; list some in .godwitignore"
            )
        }
        return total
    }
}
