import Domain

/// Unpacks uploaded bundles, trusting nothing in them.
///
/// libarchive reads the archive; what is written is decided here. Each path is parsed into a ``BundlePath``, each entry
/// checked against those before it, and each file created by `openat` below a folder that was opened name by name
/// without following links. Blocks; call it from a thread that may.
package struct BundleUnpacker: Sendable {
    private let limits: BundleLimits

    package init(limits: BundleLimits = .init()) { self.limits = limits }

    /// Unpacks the bundle in file `archive` into a fresh folder below `area`; on any error nothing is left there.
    package func unpack(_ archive: String, stagingIn area: String) throws(BundleError) -> StagedBundle {
        let file = try System.openFile(archive)
        guard try System.status(of: file.raw, path: archive).kind == .file else {
            throw BundleError(.storage, "'\(Printable.text(archive))' is no file")
        }
        let (digest, compressed) = try FileDigest.of(file, path: archive, limit: limits.compressed)
        let staging = try StagingFolder(in: area)
        let (tree, unpacked) = try System.withUTF8Names { () throws(BundleError) in
            try fill(staging.folder, from: file, compressed: compressed)
        }
        let spec = try BundleCheck.spec(in: staging.folder)
        let bundle = UnpackedBundle(
            spec: spec,
            digest: digest,
            compressedBytes: compressed,
            unpackedBytes: unpacked,
            entries: tree.count
        )
        return StagedBundle(bundle, in: staging)
    }

    /// Unpacks a bundle, lets `check` refuse it by an error, and installs it into `bundles`.
    ///
    /// The staging area is `bundles` itself, so both are on one file system.
    package func receive(
        _ archive: String,
        into bundles: String,
        check: (UnpackedBundle) throws -> Void = { _ in }
    ) throws -> UnpackedBundle {
        let staged = try unpack(archive, stagingIn: bundles)
        let bundle = staged.bundle
        try check(bundle)
        _ = try staged.install(into: bundles)
        return bundle
    }

    /// Removes what a crash left of earlier unpacking in a staging area.
    ///
    /// Call it before the first bundle is unpacked.
    package static func removeLeftovers(in area: String) throws(BundleError) {
        let folder = try System.openFolder(area, in: System.currentFolder, following: true)
        for raw in try System.names(in: folder, path: area) {
            let name = String(decoding: raw, as: UTF8.self)
            if name.hasPrefix(StagingFolder.prefix) { try System.removeTree(name, in: folder.raw) }
        }
    }

    private func fill(
        _ folder: borrowing Descriptor,
        from file: borrowing Descriptor,
        compressed: UInt64
    ) throws(BundleError) -> (EntryTree, UInt64) {
        var reader = try ArchiveReader(reading: file)
        var tree = EntryTree(limits: limits)
        var unpacked: UInt64 = 0
        while let item = try reader.next() {
            guard reader.streamBytes <= limits.stream else {
                throw BundleError(.tooLarge, "the bundle has too much beside its files")
            }
            guard let path = try BundlePath.parse(item.path) else {
                // The bundle's own folder, which `tar -C folder .` writes first.
                guard item.kind == .folder else { throw Self.refused("an entry without a name", item.path) }
                continue
            }
            switch item.kind {
            case .folder:
                try tree.add(path, as: .folder)
                _ = try Self.open(path.names, in: folder)
            case .link(let target):
                try tree.add(path, as: .link)
                try path.checkLink(to: target)
                let parent = try Self.open(path.names.dropLast(), in: folder)
                try System.makeLink(Self.last(path), to: String(decoding: target, as: UTF8.self), in: parent.raw)
            case .file:
                try tree.add(path, as: .file)
                try limits.check(unpacked: unpacked.addingClamped(item.size), from: compressed)
                let parent = try Self.open(path.names.dropLast(), in: folder)
                unpacked += try copy(item, at: path, in: parent, from: &reader)
            case .hardLink: throw Self.refused("a hard link", item.path)
            case .other: throw Self.refused("a device, fifo or socket", item.path)
            }
        }
        return (tree, unpacked)
    }

    /// Writes one file and gives its size, which is what the header announced: that was checked against the limits.
    private func copy(
        _ item: ArchiveItem,
        at path: BundlePath,
        in parent: borrowing Descriptor,
        from reader: inout ArchiveReader
    ) throws(BundleError) -> UInt64 {
        let mode: UInt32 = item.isExecutable ? 0o755 : 0o644
        let file = try System.createFile(Self.last(path), in: parent.raw, mode: mode)
        var written: UInt64 = 0
        while true {
            let bytes = try reader.read()
            if bytes.isEmpty { break }
            written += UInt64(bytes.count)
            guard written <= item.size else { throw Self.refused("a file longer than announced", item.path) }
            try System.write(bytes[...], to: file.raw, path: path.text)
        }
        guard written == item.size else { throw Self.refused("a file shorter than announced", item.path) }
        return written
    }

    /// Opens a folder of the bundle name by name, making what is missing, following no link.
    private static func open(
        _ names: some Sequence<String>,
        in top: borrowing Descriptor
    ) throws(BundleError)
        -> Descriptor
    {
        var folder = try System.openFolder(".", in: top.raw)
        for name in names { folder = try System.makeFolder(name, in: folder.raw) }
        return folder
    }

    private static func last(_ path: BundlePath) -> String { path.names.last ?? "" }

    private static func refused(_ what: String, _ path: [UInt8]) -> BundleError {
        BundleError(.refused, "the bundle holds \(what): '\(Printable.text(String(decoding: path, as: UTF8.self)))'")
    }
}

extension UInt64 {
    fileprivate func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
