internal import CArchive
import Domain

/// Reads a zstd-compressed tar through libarchive; only these two formats are compiled in, and nothing is written.
@safe struct ArchiveReader: ~Copyable {
    /// Bytes of content asked for at once.
    static let chunk = 65_536

    // SAFETY: the handle is made by init, used by this value only, and freed by deinit.
    private let handle: OpaquePointer

    /// Begins to read from an open file, which must outlive the reader.
    init(reading file: borrowing Descriptor) throws(BundleError) {
        // SAFETY: open gives a live handle, which is this value's from here on.
        unsafe self.handle = try Self.open(file)
    }

    private static func open(_ file: borrowing Descriptor) throws(BundleError) -> OpaquePointer {
        // SAFETY: a handle that is made is either returned or freed.
        guard let handle = unsafe archive_read_new() else { throw BundleError(.storage, "no memory for an archive") }
        // SAFETY: the handle is live.
        let opened =
            unsafe archive_read_support_filter_zstd(handle) == ARCHIVE_OK
            && archive_read_support_format_tar(handle) == ARCHIVE_OK
            && archive_read_open_fd(handle, file.raw, chunk) == ARCHIVE_OK
        // SAFETY: the handle is live. Two filters are zstd and the file itself: no zstd within zstd.
        let isZstd =
            unsafe opened && archive_filter_count(handle) == 2
            && archive_filter_code(handle, 0) == ARCHIVE_FILTER_ZSTD
        guard isZstd else {
            // SAFETY: the handle is not used after this.
            unsafe _ = archive_read_free(handle)
            throw BundleError(.refused, "the bundle is no tar compressed with zstd")
        }
        // SAFETY: live, and handed to the one caller.
        return unsafe handle
    }

    deinit {
        // SAFETY: the handle is live until here.
        unsafe _ = archive_read_free(handle)
    }

    /// Bytes of the tar stream so far: headers, padding and content.
    var streamBytes: UInt64 {
        // SAFETY: the handle is live.
        UInt64(clamping: unsafe archive_filter_bytes(handle, 0))
    }

    /// The next entry, or nil at the end of the archive.
    mutating func next() throws(BundleError) -> ArchiveItem? {
        // SAFETY: libarchive owns the entry, which stays valid until the next call; all of it is copied here.
        var entry: OpaquePointer?
        let result = unsafe archive_read_next_header(handle, &entry)
        if result == ARCHIVE_EOF { return nil }
        // A warning means that something in the header could not be understood or converted: refused as well.
        guard result == ARCHIVE_OK, let entry = unsafe entry else { throw damaged() }
        // SAFETY: as above.
        guard let path = unsafe archive_entry_pathname(entry).map({ unsafe Self.bytes($0) }) else { throw damaged() }
        guard unsafe archive_entry_sparse_count(entry) == 0 else {
            throw BundleError(.refused, "the bundle holds a sparse file: '\(Self.shown(path))'")
        }
        // SAFETY: as above.
        let size = unsafe archive_entry_size_is_set(entry) != 0 ? archive_entry_size(entry) : 0
        guard size >= 0 else { throw damaged() }
        // SAFETY: as above.
        return ArchiveItem(
            path: path,
            kind: unsafe Self.kind(of: entry),
            size: UInt64(size),
            isExecutable: unsafe archive_entry_perm(entry) & 0o100 != 0
        )
    }

    /// The next bytes of the current entry's content; empty at its end.
    mutating func read() throws(BundleError) -> [UInt8] {
        var count = 0
        // SAFETY: libarchive writes at most the capacity it is told.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Self.chunk) { buffer, initialised in
            count = unsafe archive_read_data(handle, buffer.baseAddress, Self.chunk)
            initialised = max(0, count)
        }
        guard count >= 0 else { throw damaged() }
        return bytes
    }

    private static func kind(of entry: OpaquePointer) -> ArchiveItem.Kind {
        // SAFETY: the caller's entry is live; its texts are copied.
        if unsafe archive_entry_hardlink(entry) != nil { return .hardLink }
        // SAFETY: as above.
        switch unsafe UInt32(archive_entry_filetype(entry)) & godwit_kind_mask {
        case godwit_kind_file: return .file
        case godwit_kind_folder: return .folder
        case godwit_kind_link:
            // SAFETY: as above.
            return .link(target: unsafe archive_entry_symlink(entry).map { unsafe bytes($0) } ?? [])
        default: return .other
        }
    }

    private static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
        // SAFETY: libarchive's texts are terminated.
        var bytes: [UInt8] = []
        var next = unsafe text
        while unsafe next.pointee != 0 {
            // SAFETY: not beyond the terminating zero.
            unsafe bytes.append(UInt8(bitPattern: next.pointee))
            unsafe next += 1
        }
        return bytes
    }

    private static func shown(_ path: [UInt8]) -> String { Printable.text(String(decoding: path, as: UTF8.self)) }

    private func damaged() -> BundleError {
        // SAFETY: the handle is live, and its error text is copied at once.
        let reason = unsafe archive_error_string(handle).map { unsafe String(cString: $0) } ?? "it ends too early"
        return BundleError(.refused, "the bundle is damaged: \(Printable.text(reason))")
    }
}
