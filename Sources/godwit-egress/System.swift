import CSandbox
import Glibc

/// What the broker asks of the operating system; the one file here that talks to the C library.
enum System {
    /// What a read came back with.
    enum ReadResult {
        case bytes([UInt8])
        case nothingYet
        case end
    }

    /// A file as it was at one moment, to see whether it is another now.
    struct FileStamp: Equatable {
        let device: UInt64
        let number: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
    }

    /// Reads what is there, at most so many bytes.
    static func read(_ socket: Int32, atMost limit: Int) -> ReadResult {
        var bytes = [UInt8](repeating: 0, count: limit)
        while true {
            // SAFETY: the buffer is live for the call and its size is given.
            let count = unsafe bytes.withUnsafeMutableBytes {
                unsafe recv(socket, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
            }
            if count > 0 {
                bytes.removeLast(limit - count)
                return .bytes(bytes)
            }
            if count < 0, errno == EINTR { continue }
            return count < 0 && errno == EAGAIN ? .nothingYet : .end
        }
    }

    /// Writes as much as is taken at once; nil when the other end is gone.
    static func write(_ socket: Int32, _ bytes: ArraySlice<UInt8>) -> Int? {
        while true {
            // SAFETY: the buffer is live for the call and its size is given.
            let count = unsafe bytes.withUnsafeBytes {
                unsafe send(socket, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            }
            if count >= 0 { return count }
            if errno == EAGAIN { return 0 }
            guard errno == EINTR else { return nil }
        }
    }

    /// Nanoseconds of the monotonic clock.
    static var now: UInt64 {
        var time = timespec()
        // SAFETY: the pointer is to a local that outlives the call.
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// What a file is now; nil where there is none.
    static func stamp(_ path: String) -> FileStamp? {
        var status = stat()
        // SAFETY: the path is passed as a terminated text and the pointer is to a local; both outlive the call.
        guard unsafe stat(path, &status) == 0 else { return nil }
        return FileStamp(
            device: UInt64(status.st_dev),
            number: UInt64(status.st_ino),
            size: Int64(status.st_size),
            seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec
        )
    }

    /// A small file as text, at most 256 KiB; nil when it cannot be read.
    static func readText(_ path: String) -> String? {
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < 262_144 {
            // SAFETY: the buffer is live for the call and its size is given.
            let count = unsafe part.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += part[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Lets the C library read what it needs to resolve names, while it may.
    static func prepareResolver() {
        var result: UnsafeMutablePointer<addrinfo>?
        // SAFETY: the pointer is to a local; what it is set to is given back at once.
        if unsafe getaddrinfo("localhost", nil, nil, &result) == 0 { unsafe freeaddrinfo(result) }
    }

    /// Makes a write to a connection that is gone an error, and leaves the end to the node's socket.
    static func ignoreSignals() {
        for name in [SIGPIPE, SIGTERM, SIGINT, SIGHUP] { signal(name, SIG_IGN) }
    }

    /// Writes a line for the node's log.
    static func complain(_ text: String) {
        let bytes = Array("godwit-egress: \(text)\n".utf8)
        // SAFETY: the buffer is live for the call and its size is given.
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
    }

    static func exit(_ code: Int32) -> Never { Glibc.exit(code) }

    // MARK: - CSandbox

    /// Starts a broker for every socket that comes over descriptor 3, until the node is gone; returns an exit code.
    static func keep(user: UInt32, arguments: [String]) -> Int32 {
        // SAFETY: strdup'ed copies live as long as the process; the array ends with nil.
        var pointers: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        return unsafe csb_egress_keep(3, user, &pointers) == 0 ? 0 : 1
    }

    /// Confines this process to these files and to the calls of its filter; throws why that failed.
    static func confine(paths: [String]) throws(SystemFailure) -> (landlock: Int, hasFilter: Bool) {
        var landlock: Int32 = 0
        var hasFilter: Int32 = 0
        // SAFETY: strdup'ed copies live until they are freed below, after the call; the array ends with nil.
        let copies = unsafe paths.map { unsafe strdup($0) }
        defer { unsafe copies.forEach { unsafe free($0) } }
        var pointers: [UnsafePointer<CChar>?] = unsafe copies.map { unsafe UnsafePointer($0) }
        unsafe pointers.append(nil)
        let result = unsafe csb_egress_confine(&pointers, &landlock, &hasFilter)
        guard result == 0 else { throw SystemFailure(code: -result) }
        return (Int(landlock), hasFilter != 0)
    }
}
