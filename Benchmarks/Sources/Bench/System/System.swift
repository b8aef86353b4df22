import Glibc

/// The system calls of this package: the one file that talks to the C library.
enum System {
    // MARK: - Errors, time, signals

    /// The reason of the last failed call, in words.
    static var reason: String {
        // SAFETY: strerror returns a terminated text that is copied before another call can change it.
        unsafe String(cString: strerror(errno))
    }

    /// Nanoseconds of the monotonic clock.
    static var now: UInt64 {
        var time = timespec()
        // SAFETY: clock_gettime fills the structure, which outlives the call.
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Today and now in UTC, as `2026-01-31T12:00:00Z`.
    static var date: String {
        var seconds = time_t()
        var parts = unsafe tm()
        var text = [CChar](repeating: 0, count: 32)
        // SAFETY: the three calls fill what they are given, which outlives them; the text is never longer than 20.
        let count = unsafe text.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            unsafe time(&seconds)
            unsafe gmtime_r(&seconds, &parts)
            return unsafe strftime(base, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        }
        return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Sleeps, at most until a signal comes.
    static func sleep(milliseconds: Int) throws(Interrupted) {
        let end = now + UInt64(milliseconds) * 1_000_000
        while now < end {
            try Interruption.check()
            usleep(UInt32(clamping: min(100_000, (end - min(end, now)) / 1000)))
        }
        try Interruption.check()
    }

    /// Lets five milliseconds pass, or less when a signal comes: for waiting for what ends by itself.
    static func pause() { usleep(5000) }

    /// Runs `handler` on SIGINT, SIGTERM and SIGHUP; SIGPIPE is ignored.
    static func handleTermination(_ handler: @escaping @convention(c) (Int32) -> Void) {
        for number in [SIGINT, SIGTERM, SIGHUP] { _ = signal(number, handler) }
        _ = signal(SIGPIPE, SIG_IGN)
    }

    static var isRoot: Bool { geteuid() == 0 }
    static var processorCount: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }
    /// Ticks of `/proc/PID/stat` in a second.
    static var ticksPerSecond: Int { sysconf(Int32(_SC_CLK_TCK)) }
    static var pageSize: Int { sysconf(Int32(_SC_PAGESIZE)) }

    // MARK: - Files

    /// A whole file as text, with what is not UTF-8 repaired; nil when it cannot be read.
    static func text(of path: String) -> String? {
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        var all: [UInt8] = []
        while true {
            guard let bytes = read(descriptor) else { return nil }
            if bytes.isEmpty { return String(decoding: all, as: UTF8.self) }
            all += bytes
        }
    }

    /// Makes or replaces a file.
    static func write(_ text: String, to path: String) -> Bool {
        guard let descriptor = create(path) else { return false }
        defer { Glibc.close(descriptor) }
        return write(Array(text.utf8), to: descriptor)
    }

    /// Opens a new, empty file for writing.
    static func create(_ path: String) -> Int32? {
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        return descriptor < 0 ? nil : descriptor
    }

    /// Writes all bytes; false when that is not possible.
    @discardableResult
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                // SAFETY: the slice's storage is valid for its count for the whole call.
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return false }
        }
        return true
    }

    /// Reads what is there; empty at the end, nil on an error and on a signal.
    static func read(_ descriptor: Int32) -> [UInt8]? {
        var count = 0
        // SAFETY: read writes at most the capacity it is told.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, initialised in
            count = unsafe Glibc.read(descriptor, buffer.baseAddress, 65_536)
            initialised = max(0, count)
        }
        return count < 0 ? nil : bytes
    }

    static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

    static func isFile(_ path: String) -> Bool {
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        unsafe access(path, R_OK) == 0
    }

    static func isExecutable(_ path: String) -> Bool {
        // SAFETY: as above.
        unsafe access(path, X_OK) == 0
    }

    static func makeFolder(_ path: String) -> Bool {
        // SAFETY: as above.
        unsafe mkdir(path, 0o755) == 0
    }

    /// Makes a new folder with a name of its own that others may enter.
    static func makeTemporaryFolder(in parent: String) -> String? {
        var template = Array("\(parent)/godwit-bench-XXXXXX".utf8CString)
        let isMade = unsafe template.withUnsafeMutableBufferPointer { buffer in
            // SAFETY: the buffer is a terminated text that mkdtemp changes in place.
            guard let base = buffer.baseAddress, unsafe mkdtemp(base) != nil else { return false }
            return unsafe chmod(base, 0o755) == 0
        }
        guard isMade else { return nil }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The names in a folder.
    static func names(in folder: String) -> [String] {
        // SAFETY: the stream is closed below; an entry is copied before the next readdir.
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe _ = closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The path without links; the path itself where there is nothing.
    static func absolute(_ path: String) -> String {
        // SAFETY: realpath returns memory of its own, which is copied and freed.
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// What a symbolic link points to.
    static func linkTarget(_ path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            // SAFETY: the buffer is valid for its count for the whole call, and never empty.
            guard let base = bytes.baseAddress else { return -1 }
            return unsafe readlink(path, base.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }

    /// The path of this program.
    static var executable: String? { linkTarget("/proc/self/exe") }

    /// The folders of PATH.
    static var searchPath: [String] {
        // SAFETY: the text is copied at once; this program never changes its environment.
        guard let path = unsafe getenv("PATH") else { return ["/usr/bin", "/bin"] }
        return unsafe String(cString: path).split(separator: ":").map(String.init)
    }

    // MARK: - Processes

    /// Starts a program in a process group of its own, with the descriptors as its three standard ones.
    static func spawn(
        _ arguments: [String],
        input: Int32,
        output: Int32,
        error: Int32
    ) throws(BenchError) -> pid_t {
        // SAFETY: actions and attributes are initialised first and destroyed last; all texts outlive posix_spawnp.
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in [(STDIN_FILENO, input), (STDOUT_FILENO, output), (STDERR_FILENO, error)] {
            unsafe posix_spawn_file_actions_adddup2(&actions, source, target)
        }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        unsafe sigemptyset(&defaults)
        unsafe sigaddset(&defaults, SIGPIPE)
        unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
        var process = pid_t()
        // SAFETY: strdup'ed arguments are freed after the call, and the array ends with nil.
        var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        let code = unsafe posix_spawnp(&process, arguments[0], &actions, &attributes, &words, environ)
        guard code == 0 else {
            // SAFETY: as in `reason`.
            throw BenchError("'\(arguments[0])' cannot be started: \(unsafe String(cString: strerror(code)))")
        }
        return process
    }

    /// The exit code of a child, 128 + the signal that ended it, or nil while it runs.
    static func exitCode(of process: pid_t) -> Int32? {
        var status: Int32 = 0
        // SAFETY: waitpid fills the status.
        let result = unsafe waitpid(process, &status, WNOHANG)
        guard result != 0 else { return nil }
        guard result == process else { return errno == EINTR ? nil : 255 }
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }

    static func terminate(_ process: pid_t) { _ = kill(process, SIGTERM) }

    /// Kills a child and all of its group.
    static func killGroup(_ process: pid_t) { _ = kill(-process, SIGKILL) }

    static func makePipe() throws(BenchError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        // SAFETY: pipe fills both numbers.
        guard unsafe pipe(&ends) == 0 else { throw BenchError("no pipe: \(reason)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    static func openNull() -> Int32 {
        // SAFETY: the path is a terminated text.
        unsafe Glibc.open("/dev/null", O_RDWR | O_CLOEXEC)
    }

    /// Whether something can be read, or has ended, within a time.
    static func isReadable(_ descriptor: Int32, within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // SAFETY: poll changes one entry, which outlives the call.
        return unsafe poll(&entry, 1, milliseconds) > 0
    }

    // MARK: - Sockets

    /// A connection to a loopback port, without delay of small writes, whose reads end after 30 seconds.
    static func connect(port: UInt16) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var on: Int32 = 1
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        // SAFETY: the options live on the stack for the calls.
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let isConnected = unsafe withLoopback(port) { address, size in
            // SAFETY: the address is valid for the call.
            unsafe Glibc.connect(descriptor, address, size) == 0
        }
        if isConnected { return descriptor }
        close(descriptor)
        return nil
    }

    /// A loopback port that nobody listens on at this moment.
    static func freePort() throws(BenchError) -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        let isBound = unsafe withLoopback(0) { address, size in
            // SAFETY: the address is valid for the call.
            unsafe bind(descriptor, address, size) == 0
        }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isNamed = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            // SAFETY: a sockaddr_in is what AF_INET gives, and its size is passed.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isBound, isNamed else { throw BenchError("there is no free port: \(reason)") }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func withLoopback(
        _ port: UInt16,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return unsafe withUnsafePointer(to: &address) { pointer in
            // SAFETY: a sockaddr_in is what AF_INET expects, and its size is passed.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
