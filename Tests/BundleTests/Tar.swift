import CArchive

/// Builds tar files byte by byte, so that tests can say in them what no honest tool would.
struct Tar {
    private(set) var bytes: [UInt8] = []

    static let manifest = "name: demo\nruntime: exec\nhandler: run\n"

    /// A bundle that is right: a manifest and an executable.
    static var valid: Tar {
        var tar = Tar()
        tar.file("function.yaml", Tar.manifest)
        tar.file("run", "#!/bin/sh\necho hello\n", mode: 0o755)
        return tar
    }

    mutating func file(_ name: String, _ content: String, mode: Int = 0o644) {
        add(Array(name.utf8), content: Array(content.utf8), mode: mode)
    }

    mutating func link(_ name: String, to target: String) { add(Array(name.utf8), type: "2", link: target) }

    /// Adds an entry; `size` overrides the size in the header.
    mutating func add(
        _ name: [UInt8],
        type: Character = "0",
        content: [UInt8] = [],
        mode: Int = 0o644,
        link: String = "",
        size: Int? = nil
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: some Sequence<UInt8>, at offset: Int, limit: Int) {
            for (index, byte) in text.enumerated() where index < limit { header[offset + index] = byte }
        }
        func octal(_ value: Int, width: Int) -> [UInt8] {
            let digits = String(value, radix: 8)
            return Array((String(repeating: "0", count: max(0, width - 1 - digits.count)) + digits).utf8)
        }
        put(name, at: 0, limit: 100)
        put(octal(mode, width: 8), at: 100, limit: 8)
        put(octal(0, width: 8), at: 108, limit: 8)
        put(octal(0, width: 8), at: 116, limit: 8)
        put(octal(size ?? content.count, width: 12), at: 124, limit: 12)
        put(octal(0, width: 12), at: 136, limit: 12)
        put(Array("        ".utf8), at: 148, limit: 8)
        put([type.asciiValue ?? 0], at: 156, limit: 1)
        put(Array(link.utf8), at: 157, limit: 100)
        put(Array("ustar\u{0}00".utf8), at: 257, limit: 8)
        let sum = header.reduce(0) { $0 + Int($1) }
        put(octal(sum, width: 7) + [0, UInt8(ascii: " ")], at: 148, limit: 8)
        bytes += header + content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// Adds a pax header with one record for the entry that follows.
    mutating func pax(_ key: String, _ value: [UInt8]) {
        let body = Array(" \(key)=".utf8) + value + [UInt8(ascii: "\n")]
        var length = body.count + 1
        while String(length).utf8.count + body.count != length { length += 1 }
        add(Array("pax".utf8), type: "x", content: Array(String(length).utf8) + body)
    }

    /// The tar with its end, compressed.
    var compressed: [UInt8] { Self.zstd(bytes + [UInt8](repeating: 0, count: 1024)) }

    /// Compresses anything with zstd.
    static func zstd(_ bytes: [UInt8]) -> [UInt8] { pack(bytes, isZstd: true) }

    /// Compresses anything with gzip.
    static func gzip(_ bytes: [UInt8]) -> [UInt8] { pack(bytes, isZstd: false) }

    private static func pack(_ bytes: [UInt8], isZstd: Bool) -> [UInt8] {
        var packed = [UInt8](repeating: 0, count: bytes.count + 65_536)
        var used = 0
        // SAFETY: the handle is made and freed here; both arrays outlive every call that uses them.
        unsafe packed.withUnsafeMutableBytes { output in
            let handle = unsafe archive_write_new()
            unsafe _ = isZstd ? archive_write_add_filter_zstd(handle) : archive_write_add_filter_gzip(handle)
            unsafe archive_write_set_format_raw(handle)
            // SAFETY: as above.
            unsafe archive_write_set_bytes_in_last_block(handle, 1)
            unsafe archive_write_open_memory(handle, output.baseAddress, output.count, &used)
            let entry = unsafe archive_entry_new()
            // SAFETY: as above.
            unsafe archive_entry_set_filetype(entry, godwit_kind_file)
            unsafe archive_write_header(handle, entry)
            unsafe bytes.withUnsafeBytes { unsafe _ = archive_write_data(handle, $0.baseAddress, $0.count) }
            // SAFETY: as above.
            unsafe archive_write_close(handle)
            unsafe archive_entry_free(entry)
            unsafe archive_write_free(handle)
        }
        return Array(packed.prefix(used))
    }
}
