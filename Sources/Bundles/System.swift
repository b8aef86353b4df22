internal import CArchive
import Domain
import Glibc

/// The system calls of this room and their errors: the one file that talks to the C library.
///
/// Every call repeats after `EINTR`; every other error becomes a ``BundleError`` of the code `storage` that names the
/// call, the path and the reason.
enum System {
    /// The folder that relative paths start at.
    static let currentFolder = AT_FDCWD

    private static func failure(_ call: String, _ path: String, _ code: Int32 = errno) -> BundleError {
        // SAFETY: strerror returns a terminated text that is copied before another call can change it.
        let reason = unsafe String(cString: strerror(code))
        return BundleError(.storage, "\(call) '\(Printable.text(path, limit: 200))': \(reason)")
    }

    @discardableResult
    private static func retry(_ call: String, _ path: String, _ body: () -> Int32) throws(BundleError) -> Int32 {
        while true {
            let result = body()
            if result >= 0 { return result }
            if errno != EINTR { throw failure(call, path) }
        }
    }

    static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

    /// Opens an existing folder below `folder`, without following a link in the last name.
    static func openFolder(_ name: String, in folder: Int32, following: Bool = false) throws(BundleError) -> Descriptor
    {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (following ? 0 : O_NOFOLLOW)
        // SAFETY: the name is passed as a terminated text that lives as long as the call.
        return try Descriptor(owning: retry("open", name) { unsafe openat(folder, name, flags) })
    }

    /// Opens a file for reading; `following` says whether a link in the last name is followed.
    static func openFile(
        _ name: String,
        in folder: Int32 = currentFolder,
        following: Bool = false
    ) throws(BundleError)
        -> Descriptor
    {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (following ? 0 : O_NOFOLLOW)
        // SAFETY: the name is passed as a terminated text that lives as long as the call.
        return try Descriptor(owning: retry("open", name) { unsafe openat(folder, name, flags) })
    }

    /// Creates a file that must not exist yet.
    static func createFile(_ name: String, in folder: Int32, mode: mode_t) throws(BundleError) -> Descriptor {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        // SAFETY: the name is passed as a terminated text that lives as long as the call.
        let file = try Descriptor(owning: retry("create", name) { unsafe openat(folder, name, flags, mode) })
        try retry("chmod", name) { fchmod(file.raw, mode) }
        return file
    }

    /// Creates or empties a file, readable by its user only.
    static func replaceFile(_ path: String) throws(BundleError) -> Descriptor {
        let flags = O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        return try Descriptor(owning: retry("create", path) { unsafe openat(currentFolder, path, flags, 0o600) })
    }

    /// Creates a folder and opens it; one that is there already is opened.
    static func makeFolder(_ name: String, in folder: Int32) throws(BundleError) -> Descriptor {
        // SAFETY: the name is passed as a terminated text that lives as long as the call.
        if unsafe mkdirat(folder, name, 0o755) == 0 {
            let made = try openFolder(name, in: folder)
            try retry("chmod", name) { fchmod(made.raw, 0o755) }
            return made
        }
        guard errno == EEXIST else { throw failure("mkdir", name) }
        return try openFolder(name, in: folder)
    }

    static func makeLink(_ name: String, to target: String, in folder: Int32) throws(BundleError) {
        // SAFETY: both texts are passed terminated and live as long as the call.
        try retry("symlink", name) { unsafe symlinkat(target, folder, name) }
    }

    /// Where a link points.
    static func linkTarget(_ name: String, in folder: Int32) throws(BundleError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: BundlePath.maximumLength + 1)
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            // SAFETY: the buffer is valid for its count for the whole call, and never empty.
            guard let base = bytes.baseAddress else { return -1 }
            return unsafe readlinkat(folder, name, base.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard count >= 0 else { throw failure("readlink", name) }
        return Array(buffer.prefix(count))
    }

    static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, path: String) throws(BundleError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                // SAFETY: the slice's storage is valid for its count for the whole call.
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { throw failure("write", path) }
        }
    }

    /// Reads up to `limit` bytes from where the descriptor stands; empty at the end.
    static func read(_ descriptor: Int32, limit: Int, path: String) throws(BundleError) -> [UInt8] {
        while true {
            var count = 0
            // SAFETY: read writes at most the capacity it is told.
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialised in
                count = unsafe Glibc.read(descriptor, buffer.baseAddress, limit)
                initialised = max(0, count)
            }
            if count >= 0 { return bytes }
            if errno != EINTR { throw failure("read", path) }
        }
    }

    static func rewind(_ descriptor: Int32, path: String) throws(BundleError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw failure("seek", path) }
    }

    static func status(of descriptor: Int32, path: String) throws(BundleError) -> FileStatus {
        var status = stat()
        // SAFETY: fstat fills the structure, which outlives the call.
        try retry("stat", path) { unsafe fstat(descriptor, &status) }
        return FileStatus(status)
    }

    /// The status of a file below `folder`, or nil when there is none; `following` follows links.
    static func status(of name: String, in folder: Int32, following: Bool) throws(BundleError) -> FileStatus? {
        var status = stat()
        // SAFETY: fstatat fills the structure, which outlives the call.
        let result = unsafe fstatat(folder, name, &status, following ? 0 : AT_SYMLINK_NOFOLLOW)
        if result == 0 { return FileStatus(status) }
        if [ENOENT, ENOTDIR, ELOOP].contains(errno) { return nil }
        throw failure("stat", name)
    }

    /// The names in an open folder, in the order of their bytes.
    static func names(in folder: borrowing Descriptor, path: String) throws(BundleError) -> [[UInt8]] {
        let copy = try openFolder(".", in: folder.raw)
        let raw = dup(copy.raw)
        // SAFETY: the stream owns `raw` from here on and is closed below; entries are copied before the next readdir.
        guard raw >= 0, let stream = unsafe fdopendir(raw) else { throw failure("list", path) }
        defer { unsafe _ = closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = unsafe readdir(stream) {
            // SAFETY: d_name is a terminated text of at most 255 bytes within the entry.
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            if name != Array(".".utf8), name != Array("..".utf8) { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Writes everything of the file system that holds `folder` to the disk: one call instead of one for each file.
    static func syncFileSystem(of folder: borrowing Descriptor, path: String) throws(BundleError) {
        let raw = folder.raw
        try retry("sync", path) { syncfs(raw) }
    }

    static func sync(_ folder: borrowing Descriptor, path: String) throws(BundleError) {
        let raw = folder.raw
        try retry("sync", path) { fsync(raw) }
    }

    /// Renames a folder; false when something other than an empty folder has the new name already.
    static func rename(
        _ name: String,
        in folder: Int32,
        to newName: String,
        in newFolder: Int32
    ) throws(BundleError)
        -> Bool
    {
        // SAFETY: both names are passed as terminated texts that live as long as the call.
        if unsafe renameat(folder, name, newFolder, newName) == 0 { return true }
        if errno == EEXIST || errno == ENOTEMPTY { return false }
        throw failure("rename", newName)
    }

    /// Removes a folder and everything in it, without following links; what is gone already is no error.
    static func removeTree(_ name: String, in folder: Int32) throws(BundleError) {
        // SAFETY: the name is passed as a terminated text that lives as long as the call.
        if unsafe unlinkat(folder, name, 0) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw failure("remove", name) }
        let opened = try openFolder(name, in: folder)
        for child in try names(in: opened, path: name) {
            try removeTree(String(decoding: child, as: UTF8.self), in: opened.raw)
        }
        // SAFETY: as above.
        if unsafe unlinkat(folder, name, AT_REMOVEDIR) != 0, errno != ENOENT { throw failure("remove", name) }
    }

    /// Runs `body` with UTF-8 as this thread's character set, which libarchive converts names to and from.
    static func withUTF8Names<T>(_ body: () throws(BundleError) -> T) throws(BundleError) -> T {
        // SAFETY: the locale is made, used by this thread only, and freed after the old one is back.
        guard let locale = unsafe newlocale(LC_CTYPE_MASK, "C.UTF-8", nil) else {
            throw BundleError(.storage, "this machine has no C.UTF-8 locale; install libc-bin")
        }
        // SAFETY: as above.
        let previous = unsafe uselocale(locale)
        defer {
            // SAFETY: as above.
            unsafe _ = uselocale(previous)
            unsafe freelocale(locale)
        }
        return try body()
    }
}

extension FileStatus {
    fileprivate init(_ status: stat) {
        self.kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        self.size = UInt64(clamping: status.st_size)
        self.isExecutable = status.st_mode & 0o100 != 0
    }
}
