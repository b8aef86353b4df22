#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// The system calls of this room, with their errors as ``StoreError``.
///
/// Calls that a signal interrupted are made again.
enum System {
    /// Lets whoever waits for this processor have it first.
    static func letOthersRun() { sched_yield() }

    /// The bits of a mode that concern everyone but the owner.
    private static let othersBits: mode_t = 0o077

    /// What an errno means, in the C library's words.
    static func text(ofErrno number: Int32) -> String {
        // SAFETY: strerror returns a valid C string for every number; glibc's and musl's may be called by any thread.
        unsafe String(cString: strerror(number))
    }

    /// Creates a folder; false when there is something of that name already.
    static func makeFolder(_ path: String, mode: UInt32) throws(StoreError) -> Bool {
        // SAFETY: the path is a C string for the length of the call.
        if unsafe mkdir(path, mode_t(mode)) == 0 { return true }
        let failure = errno
        if failure == EEXIST { return false }
        throw .system(path: path, call: "mkdir", errno: failure)
    }

    /// The permission bits of a folder; throws when it is something else.
    static func folderMode(_ path: String) throws(StoreError) -> UInt32 {
        let status = try status(path)
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .system(path: path, call: "opendir", errno: ENOTDIR)
        }
        return UInt32(status.st_mode & 0o7777)
    }

    /// Whether there is a file or folder of that name.
    static func exists(_ path: String) -> Bool { (try? status(path)) != nil }

    /// Whether a folder has no entries.
    static func isEmpty(folder path: String) throws(StoreError) -> Bool {
        // SAFETY: the path is a C string for the length of the call.
        guard let stream = unsafe opendir(path) else { throw .system(path: path, call: "opendir", errno: errno) }
        // SAFETY: the stream was opened above and is closed once.
        defer { _ = unsafe closedir(stream) }
        // Every folder has the two entries "." and "..", in any place.
        var entries = 0
        // SAFETY: the stream is open; the entry is only compared with nil, never read.
        while entries < 3, unsafe readdir(stream) != nil { entries += 1 }
        return entries < 3
    }

    /// Sets the permission bits of a file or folder.
    static func setMode(_ path: String, _ mode: UInt32) throws(StoreError) {
        // SAFETY: the path is a C string for the length of the call.
        guard unsafe chmod(path, mode_t(mode)) == 0 else { throw .system(path: path, call: "chmod", errno: errno) }
    }

    /// Takes a file's permissions for everyone but its owner away; does nothing when there is no such file.
    static func makePrivate(_ path: String) throws(StoreError) {
        guard let mode = (try? status(path))?.st_mode, mode & othersBits != 0 else { return }
        try setMode(path, UInt32(mode & 0o700))
    }

    /// Deletes a file, where there is one.
    static func remove(_ path: String) {
        // SAFETY: the path is a C string for the length of the call.
        _ = unsafe unlink(path)
    }

    /// Renames a file, replacing one that has the new name.
    static func move(_ path: String, to target: String) throws(StoreError) {
        // SAFETY: both paths are C strings for the length of the call.
        guard unsafe rename(path, target) == 0 else { throw .system(path: path, call: "rename", errno: errno) }
    }

    /// Bytes that an ordinary user may still write to the file system of `path`; nil when it does not say.
    static func freeSpace(at path: String) -> UInt64? {
        var status = statvfs()
        // SAFETY: the path is a C string and `status` is writable for the length of the call.
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflow ? .max : bytes
    }

    /// Bytes of a file, or nil when it cannot be seen.
    static func size(ofFile path: String) -> Int? { (try? status(path)).map { Int($0.st_size) } }

    /// The number of this process.
    static var processID: Int { Int(getpid()) }

    private static func status(_ path: String) throws(StoreError) -> stat {
        var status = stat()
        // SAFETY: the path is a C string and `status` is writable for the length of the call.
        guard unsafe stat(path, &status) == 0 else { throw .system(path: path, call: "stat", errno: errno) }
        return status
    }
}

extension System {
    /// How a file is opened.
    enum Opening {
        /// For reading and writing; created with mode 0600 when it is not there.
        case privateFile
        /// For reading and writing; must not be there yet.
        case newPrivateFile
        /// A folder, in order to flush its entries.
        case folder

        fileprivate var flags: Int32 {
            switch self {
            case .privateFile: O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC
            case .newPrivateFile: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            case .folder: O_RDONLY | O_DIRECTORY | O_CLOEXEC
            }
        }
    }

    /// An open file, closed when its owner goes.
    struct File: ~Copyable {
        private let descriptor: Int32
        private let path: String

        init(_ path: String, _ opening: Opening) throws(StoreError) {
            // SAFETY: the path is a C string for the length of the call.
            let descriptor = unsafe open(path, opening.flags, 0o600)
            guard descriptor >= 0 else { throw .system(path: path, call: "open", errno: errno) }
            self.descriptor = descriptor
            self.path = path
        }

        deinit { _ = close(descriptor) }

        /// Takes the exclusive lock of the file without waiting; false when someone else has it.
        func lock() throws(StoreError) -> Bool {
            while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
                let failure = errno
                if failure == EWOULDBLOCK { return false }
                if failure != EINTR { throw .system(path: path, call: "flock", errno: failure) }
            }
            return true
        }

        /// The first `limit` bytes.
        func read(upTo limit: Int) throws(StoreError) -> [UInt8] {
            var bytes: [UInt8] = []
            while bytes.count < limit {
                var chunk = [UInt8](repeating: 0, count: limit - bytes.count)
                // SAFETY: `chunk` has exactly as many bytes as may be read.
                let count = unsafe pread(descriptor, &chunk, chunk.count, off_t(bytes.count))
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw .system(path: path, call: "read", errno: errno) }
                if count == 0 { break }
                bytes += chunk.prefix(count)
            }
            return bytes
        }

        /// Makes `bytes` the whole content.
        func replaceContent(_ bytes: [UInt8]) throws(StoreError) {
            guard ftruncate(descriptor, 0) == 0 else { throw .system(path: path, call: "ftruncate", errno: errno) }
            var written = 0
            while written < bytes.count {
                let rest = Array(bytes[written...])
                // SAFETY: `rest` has exactly as many bytes as are to be written.
                let count = unsafe pwrite(descriptor, rest, rest.count, off_t(written))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw .system(path: path, call: "write", errno: errno) }
                written += count
            }
        }

        /// Waits until everything written is on disk.
        func synchronise() throws(StoreError) {
            guard fsync(descriptor) == 0 else { throw .system(path: path, call: "fsync", errno: errno) }
        }
    }
}
