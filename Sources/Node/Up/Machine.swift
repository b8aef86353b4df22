import CSandbox
import Domain
import Glibc

/// What the node asks of the operating system: the one file here that talks to the C library.
enum Machine {
    static var isRoot: Bool { geteuid() == 0 }

    static var now: Timestamp {
        var time = timespec()
        // SAFETY: the pointer is to a local that outlives the call.
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    static var cores: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    static var memory: ByteSize {
        ByteSize(bytes: UInt64(max(0, sysconf(Int32(_SC_PHYS_PAGES)))) * UInt64(max(0, sysconf(Int32(_SC_PAGESIZE)))))
    }

    static var architecture: String {
        var names = utsname()
        // SAFETY: uname fills a local; its fields are texts that end with a zero byte.
        guard unsafe uname(&names) == 0 else { return "unknown" }
        return unsafe withUnsafeBytes(of: names.machine) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// The first label of the host's name, in lower case.
    static var hostName: String {
        var buffer = [UInt8](repeating: 0, count: 256)
        // SAFETY: the buffer's span is live for the call and its size is given; the last byte stays zero.
        let result = unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return Int32(-1) }
            return unsafe gethostname(start.assumingMemoryBound(to: CChar.self), bytes.count - 1)
        }
        guard result == 0 else { return "node" }
        return String(decoding: buffer.prefix { $0 != 0 && $0 != UInt8(ascii: ".") }, as: UTF8.self).lowercased()
    }

    /// CPU time of this process so far, in nanoseconds.
    static var ownCPU: UInt64 {
        var time = timespec()
        // SAFETY: the pointer is to a local that outlives the call.
        _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return UInt64(clamping: time.tv_sec) * 1_000_000_000 + UInt64(clamping: time.tv_nsec)
    }

    /// Memory of this process that is resident, its files' included.
    static var residentBytes: ByteSize {
        let fields = read("/proc/self/statm").map { String(decoding: $0, as: UTF8.self).split(separator: " ") } ?? []
        let pages = fields.count > 1 ? UInt64(fields[1]) ?? 0 : 0
        return ByteSize(bytes: pages * UInt64(max(0, sysconf(Int32(_SC_PAGESIZE)))))
    }

    /// To be called before anything else is done: keeps the heap from holding on to much free memory, and remembers which
    /// processors there are.
    static func prepare() {
        csb_bound_heap()
        csb_processors_remember()
    }

    /// Gives free heap memory back to the system, and lets go of program code that is only mapped because it ran once.
    ///
    /// What is needed again is there in the page cache, unless something else has needed the memory meanwhile.
    static func giveBackMemory() {
        csb_trim_heap()
        for range in unchangedCode {
            // SAFETY: pages of a file's mapping that this process cannot write and has not changed: what is let go of is
            // read from the file again.
            guard let start = unsafe UnsafeMutableRawPointer(bitPattern: range.lowerBound) else { continue }
            unsafe _ = madvise(start, range.count, Int32(MADV_DONTNEED))
        }
    }

    /// Where program files are mapped to be executed, not to be written, and no page has become this process's own.
    private static var unchangedCode: [Range<UInt>] {
        guard let bytes = read("/proc/self/smaps") else { return [] }
        var found: [Range<UInt>] = []
        var current: Range<UInt>?
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            if let range = words.first.flatMap({ addresses($0) }) {
                let isCode = words.count > 5 && words[1] == "r-xp" && words[5].hasPrefix("/")
                current = isCode ? range : nil
            } else if words.first == "Anonymous:", words.dropFirst().first == "0", let range = current {
                found.append(range)
                current = nil
            }
        }
        return found
    }

    /// A range as the kernel writes it, `7f0c4a000000-7f0c4a021000`.
    private static func addresses(_ text: Substring) -> Range<UInt>? {
        let ends = text.split(separator: "-").map { UInt($0, radix: 16) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first < last else { return nil }
        return first..<last
    }

    /// Whether no thread of this process has a user id of root.
    static var hasNoThreadOfRoot: Bool {
        names(in: "/proc/self/task").allSatisfy { thread in
            guard let bytes = read("/proc/self/task/\(thread)/status") else { return false }
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            guard let users = lines.first(where: { $0.hasPrefix("Uid:") }) else { return false }
            return !users.split(whereSeparator: { $0 == "\t" || $0 == " " }).dropFirst().contains("0")
        }
    }

    /// The numbers of a user, or nil when there is none of that name.
    static func user(_ name: String) -> (user: UInt32, group: UInt32)? {
        // SAFETY: getpwnam gives a pointer to its own record, read before any other call could change it.
        guard let record = unsafe getpwnam(name) else { return nil }
        return unsafe (record.pointee.pw_uid, record.pointee.pw_gid)
    }

    /// Makes a folder with these permissions, and those above it; false when that is not possible.
    static func makeFolder(_ path: String, mode: UInt32) -> Bool {
        if unsafe mkdir(path, mode) == 0 || errno == EEXIST { return unsafe access(path, F_OK) == 0 }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return false }
        guard makeFolder(String(path[..<slash]), mode: 0o755) else { return false }
        return unsafe mkdir(path, mode) == 0
    }

    /// Gives a file or folder to a user; links are not followed.
    static func give(_ path: String, to owner: (user: UInt32, group: UInt32)) -> Bool {
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        unsafe lchown(path, owner.user, owner.group) == 0
    }

    /// Sets the permissions of a file or folder.
    static func setMode(_ path: String, _ mode: UInt32) -> Bool {
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        unsafe chmod(path, mode) == 0
    }

    /// Whether this process may make files in a folder.
    static func mayWrite(in folder: String) -> Bool {
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        unsafe access(folder, W_OK | X_OK) == 0
    }

    /// The names in a folder.
    static func names(in folder: String) -> [String] {
        // SAFETY: the stream is closed once, when this returns; an entry is read before the next is asked for.
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe _ = closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            // SAFETY: d_name is a text that ends with a zero byte, read before the next entry.
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The whole of a file, at most 1 MiB; nil when it cannot be read.
    ///
    /// Links are followed only where an operator names the file: certificates often are links.
    static func read(_ path: String, followingLinks isFollowing: Bool = false) -> [UInt8]? {
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | (isFollowing ? 0 : O_NOFOLLOW))
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        var count = 0
        while count < bytes.count {
            // SAFETY: the buffer's span is live for the call and what is left of it is given.
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            guard got > 0 else { break }
            count += got
        }
        return Array(bytes[..<count])
    }

    /// Writes a file whole: to a new one beside it, with these permissions, which then takes its name.
    static func write(_ bytes: [UInt8], to path: String, mode: UInt32) -> Bool {
        let fresh = path + ".new"
        // SAFETY: paths are passed as terminated texts that live as long as the calls.
        _ = unsafe unlink(fresh)
        let descriptor = unsafe open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { return false }
        // SAFETY: the buffer's span is live for the call and its size is given.
        let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        let isWritten = count == bytes.count && fchmod(descriptor, mode) == 0 && fsync(descriptor) == 0
        close(descriptor)
        return unsafe isWritten && rename(fresh, path) == 0
    }

    /// Removes a file; whether it was there does not matter.
    static func remove(_ path: String) { _ = unsafe unlink(path) }

    /// Ignores signals that would end the process where an error is handled instead, and asks for as many descriptors
    /// as it may have.
    static func prepareProcess() {
        signal(SIGPIPE, SIG_IGN)
        var limit = rlimit()
        // SAFETY: the pointers are to a local that outlives the calls.
        if unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            limit.rlim_cur = limit.rlim_max
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        umask(0o077)
    }

    /// The path from the root of the file system.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        var buffer = [UInt8](repeating: 0, count: 4096)
        // SAFETY: the buffer's span is live for the call and its size is given.
        let isThere = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe getcwd(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count) != nil
        }
        guard isThere else { return path }
        return String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self) + "/" + path
    }

    /// The value of a variable of the environment, or nil.
    static func variable(_ name: String) -> String? {
        // SAFETY: getenv gives a text that ends with a zero byte and that nobody here changes.
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
