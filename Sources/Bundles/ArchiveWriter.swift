internal import CArchive
import Domain

/// Writes a zstd-compressed tar through libarchive, such that the same entries always give the same bytes.
@safe struct ArchiveWriter: ~Copyable {
    // SAFETY: the handle is made by init, used by this value only, and freed by deinit.
    private let handle: OpaquePointer

    /// Begins to write to an open file, which must outlive the writer.
    init(writing file: borrowing Descriptor) throws(BundleError) {
        // SAFETY: open gives a live handle, which is this value's from here on.
        unsafe self.handle = try Self.open(file)
    }

    private static func open(_ file: borrowing Descriptor) throws(BundleError) -> OpaquePointer {
        // SAFETY: a handle that is made is either returned or freed.
        guard let handle = unsafe archive_write_new() else { throw BundleError(.storage, "no memory for an archive") }
        // SAFETY: the handle is live; the option texts are copied by libarchive.
        let opened =
            unsafe archive_write_add_filter_zstd(handle) == ARCHIVE_OK
            && archive_write_set_filter_option(handle, "zstd", "compression-level", "9") == ARCHIVE_OK
            && archive_write_set_format_pax_restricted(handle) == ARCHIVE_OK
            && archive_write_set_bytes_in_last_block(handle, 1) == ARCHIVE_OK
            && archive_write_open_fd(handle, file.raw) == ARCHIVE_OK
        guard opened else {
            // SAFETY: the handle is live until it is freed, and not used after that.
            let error = unsafe failure(handle)
            unsafe _ = archive_write_free(handle)
            throw error
        }
        // SAFETY: live, and handed to the one caller.
        return unsafe handle
    }

    deinit {
        // SAFETY: the handle is live until here.
        unsafe _ = archive_write_free(handle)
    }

    /// Writes the header of an entry; a file's content follows by ``write(_:)``, exactly `size` bytes of it.
    mutating func begin(
        _ path: BundlePath,
        as kind: ArchiveItem.Kind,
        size: UInt64,
        isExecutable: Bool
    )
        throws(BundleError)
    {
        // SAFETY: the entry is live until the defer; libarchive copies the texts.
        guard let entry = unsafe archive_entry_new() else { throw BundleError(.storage, "no memory for an entry") }
        defer { unsafe archive_entry_free(entry) }
        var type = godwit_kind_file
        var mode: UInt32 = isExecutable ? 0o755 : 0o644
        switch kind {
        case .folder: (type, mode) = (godwit_kind_folder, 0o755)
        case .link(let target):
            (type, mode) = (godwit_kind_link, 0o777)
            // SAFETY: as above.
            unsafe archive_entry_set_symlink(entry, String(decoding: target, as: UTF8.self))
        case .file, .hardLink, .other: break
        }
        // SAFETY: as above.
        unsafe archive_entry_set_pathname(entry, path.text)
        unsafe archive_entry_set_filetype(entry, type)
        unsafe archive_entry_set_perm(entry, mode)
        // SAFETY: as above.
        unsafe archive_entry_set_size(entry, Int64(size))
        unsafe archive_entry_set_mtime(entry, 0, 0)
        // SAFETY: as above; the handle is live.
        guard unsafe archive_write_header(handle, entry) == ARCHIVE_OK else { throw unsafe Self.failure(handle) }
    }

    /// Writes the next part of the current file.
    mutating func write(_ bytes: [UInt8]) throws(BundleError) {
        let count = unsafe bytes.withUnsafeBytes { buffer in
            // SAFETY: the array's storage is valid for its count for the whole call.
            unsafe archive_write_data(handle, buffer.baseAddress, buffer.count)
        }
        guard count == bytes.count else { throw unsafe Self.failure(handle) }
    }

    /// Writes what is left; nothing may be written after it.
    mutating func finish() throws(BundleError) {
        // SAFETY: the handle is live.
        guard unsafe archive_write_close(handle) == ARCHIVE_OK else { throw unsafe Self.failure(handle) }
    }

    private static func failure(_ handle: OpaquePointer) -> BundleError {
        // SAFETY: the handle is live, and its error text is copied at once.
        let reason = unsafe archive_error_string(handle).map { unsafe String(cString: $0) } ?? "unknown reason"
        return BundleError(.storage, "the bundle cannot be written: \(Printable.text(reason))")
    }
}
