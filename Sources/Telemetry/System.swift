import Glibc

/// The system calls that this room makes; every pointer and every errno of it is handled here.
enum System {
    // MARK: - Clocks

    /// Nanoseconds since 1970-01-01T00:00:00Z.
    static func realtimeNanoseconds() -> Int64 {
        let time = timespec(of: CLOCK_REALTIME)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Nanoseconds on a clock that never goes back.
    static func monotonicNanoseconds() -> UInt64 {
        let time = timespec(of: CLOCK_MONOTONIC)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static func timespec(of clock: clockid_t) -> Glibc.timespec {
        var time = Glibc.timespec()
        // SAFETY: the pointer is to a local that outlives the call.
        _ = unsafe clock_gettime(clock, &time)
        return time
    }

    /// Keeps the calling thread asleep; for threads of our own and for shutdown, never for the path of a call.
    static func sleep(nanoseconds: UInt64) {
        var time = Glibc.timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        // SAFETY: the pointer is to a local that outlives the call.
        _ = unsafe nanosleep(&time, nil)
    }

    // MARK: - Files

    /// Opens a file for reading; the errno when that fails.
    static func openForReading(_ path: String) -> Result<OpenFile, Errno> {
        // SAFETY: the path is a string that ends in 0 for the length of the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        return descriptor >= 0 ? .success(OpenFile(descriptor: descriptor)) : .failure(Errno(code: errno))
    }

    /// Reads an open file from its beginning, at most `limit` bytes; nil when it cannot be read or is empty.
    static func contents(of file: OpenFile, limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while bytes.count < limit {
            // SAFETY: the buffer has room for as many bytes as it says.
            let count = unsafe chunk.withUnsafeMutableBytes { buffer in
                unsafe pread(file.descriptor, buffer.baseAddress, buffer.count, off_t(bytes.count))
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
        }
        return bytes.isEmpty ? nil : Array(bytes.prefix(limit))
    }

    /// Reads a whole file of at most `limit` bytes; nil when it cannot be read or is empty.
    static func contents(of path: String, limit: Int = 1 << 20) -> [UInt8]? {
        guard case .success(let file) = openForReading(path) else { return nil }
        return contents(of: file, limit: limit)
    }

    /// What tells whether a file is still the same; nil when there is none.
    static func stamp(of path: String) -> FileStamp? {
        var status = stat()
        // SAFETY: the path is a string that ends in 0 for the length of the call; the pointer is to a local.
        guard unsafe stat(path, &status) == 0 else { return nil }
        let modified = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
        return FileStamp(modified: modified, size: Int64(status.st_size), number: UInt64(status.st_ino))
    }

    /// Names in a directory, without `.` and `..`; nil when it cannot be read.
    static func names(in directory: String) -> [String]? {
        // SAFETY: opendir gives a stream or nil; it is closed below and used nowhere else.
        guard let stream = unsafe opendir(directory) else { return nil }
        // SAFETY: the stream is open until here.
        defer { unsafe _ = closedir(stream) }
        var names: [String] = []
        // SAFETY: an entry is valid until the next readdir of this stream.
        while let entry = unsafe readdir(stream) {
            // SAFETY: d_name is a string that ends in 0, within the entry.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Closes a descriptor.
    static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

    /// Writes all bytes, waiting as long as that takes; false when the other side is gone.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            // SAFETY: `written` is less than the buffer's count, and the buffer is live for the call.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno == EAGAIN {
                var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                // SAFETY: the pointer is to one local that outlives the call.
                _ = unsafe Glibc.poll(&poll, 1, -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    // MARK: - Facts

    /// Whether a descriptor is a terminal.
    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// A variable of our own environment; nil when it is not set.
    static func environment(_ name: String) -> String? {
        // SAFETY: getenv gives a string that ends in 0 or nil; nothing in the node changes its environment.
        guard let value = unsafe getenv(name) else { return nil }
        // SAFETY: as above.
        return unsafe String(cString: value)
    }

    /// Units of the CPU times in /proc, a second.
    static let ticksPerSecond = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))

    /// Bytes of a page of memory.
    static let pageSize = UInt64(max(1, sysconf(Int32(_SC_PAGESIZE))))

    /// Files that this process may have open; nil when there is no limit.
    static func openFileLimit() -> UInt64? {
        var limit = rlimit()
        // SAFETY: the pointer is to a local that outlives the call.
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return limit.rlim_cur == rlim_t.max ? nil : UInt64(limit.rlim_cur)
    }

    /// `base` to the power of `exponent`.
    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

    // MARK: - Threads

    /// A bell on which ``wait(for:)`` sleeps until ``ring(_:)``; nil when there are no descriptors left.
    static func makeBell() -> Bell? { (try? makePipe().get()).map { Bell(near: $0.near, far: $0.far) } }

    /// A pipe: what is written to its far end is read from its near end.
    private static func makePipe() -> Result<(near: OpenFile, far: OpenFile), Errno> {
        var ends: [Int32] = [-1, -1]
        // SAFETY: the array has room for the two descriptors that pipe gives.
        guard unsafe pipe(&ends) == 0 else { return .failure(Errno(code: errno)) }
        // The module has no pipe2. Until here a child made by another thread could inherit the pipe, which does no harm:
        // nobody waits for its end alone.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return .success((OpenFile(descriptor: ends[0]), OpenFile(descriptor: ends[1])))
    }

    /// Wakes the thread that waits for the bell, or the next that does.
    static func ring(_ bell: Bell) { _ = write([1], to: bell.far.descriptor) }

    /// Sleeps until the bell is rung; several rings may wake once.
    static func wait(for bell: Bell) {
        var rings = [UInt8](repeating: 0, count: 64)
        // SAFETY: the array has room for as many bytes as are asked for.
        while unsafe Glibc.read(bell.near.descriptor, &rings, 64) < 0, errno == EINTR {}
    }

    /// Sleeps until the bell is rung, which it tells, or the time is over.
    static func wait(for bell: Bell, nanoseconds: UInt64) -> Bool {
        isReadable(bell.near, within: nanoseconds)
    }

    /// Waits until a descriptor can be read (or its other side is gone), at most this long.
    private static func isReadable(_ file: OpenFile, within nanoseconds: UInt64) -> Bool {
        var poll = pollfd(fd: file.descriptor, events: Int16(POLLIN), revents: 0)
        let milliseconds = Int32(clamping: nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 > 0 ? 1 : 0))
        // SAFETY: the pointer is to one local that outlives the call.
        return unsafe Glibc.poll(&poll, 1, milliseconds) > 0
    }

    /// Runs `body` on a thread of its own which receives no signals; false when the thread cannot be made.
    static func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
        // SAFETY: the new thread takes back the retain; when there is none, it is released below.
        let context = unsafe Unmanaged.passRetained(ThreadBody(body))
        var old = sigset_t()
        var all = sigset_t()
        var thread = pthread_t()
        // SAFETY: pointers to locals that outlive the calls; the thread inherits the mask, ours is put back.
        unsafe sigfillset(&all)
        // SAFETY: as above.
        unsafe pthread_sigmask(SIG_SETMASK, &all, &old)
        // SAFETY: `context` is the one pointer that passRetained gave, and the thread consumes it once.
        let result = unsafe pthread_create(
            &thread,
            nil,
            { raw in
                // SAFETY: `raw` is the context above, which only this thread consumes.
                if let raw = unsafe raw { unsafe Unmanaged<ThreadBody>.fromOpaque(raw).takeRetainedValue().run() }
                return nil
            },
            context.toOpaque()
        )
        // SAFETY: as above.
        unsafe pthread_sigmask(SIG_SETMASK, &old, nil)
        guard result == 0 else {
            // SAFETY: no thread has it.
            unsafe context.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    // MARK: - Programs

    /// Runs a program to its end, at most `nanoseconds` long, and takes what it writes to its standard output, at most
    /// `limit` bytes.
    ///
    /// Blocks, so it is for threads of our own. The program gets the environment that is given, an empty standard input,
    /// nowhere for its errors, no other descriptor of ours, no signal blocked or ignored, and a process group of its own,
    /// which is killed as a whole: by what it takes too much of, or when the program has ended. The errno when it cannot
    /// be started.
    static func run(
        _ words: [String],
        environment: [String],
        limit: Int,
        within nanoseconds: UInt64
    ) -> Result<ChildResult, Errno> {
        let deadline = monotonicNanoseconds() + nanoseconds
        return start(words, environment: environment).map { child in
            var output: [UInt8] = []
            var isOpen = true
            var slice: UInt64 = 1_000_000
            while true {
                // Asked first, so that all that was written before the end is read below. The module has no pidfd_open,
                // and others may hold the pipe: so neither can be waited for alone.
                let life = life(of: child.process)
                isOpen = isOpen && read(child.output, into: &output, limit: limit)
                if output.count > limit {
                    return ChildResult(end: finish(child.process, .overflow, life), output: [])
                }
                if life != .running { return ChildResult(end: finish(child.process, nil, life), output: output) }
                let now = monotonicNanoseconds()
                guard now < deadline else {
                    return ChildResult(end: finish(child.process, .overtime, life), output: [])
                }
                let wait = min(slice, deadline - now)
                if isOpen { _ = isReadable(child.output, within: wait) } else { sleep(nanoseconds: wait) }
                slice = min(slice * 2, 16_000_000)
            }
        }
    }

    private enum Life { case running, ended, unknown }

    /// Starts a program; the near end of the pipe that is its standard output.
    private static func start(
        _ words: [String],
        environment: [String]
    ) -> Result<(process: pid_t, output: OpenFile), Errno> {
        guard let path = words.first else { return .failure(Errno(code: ENOENT)) }
        return makePipe().flatMap { pipe in
            _ = fcntl(pipe.near.descriptor, F_SETFL, O_NONBLOCK)
            // SAFETY: actions and attributes are initialised first and destroyed last.
            var actions = unsafe posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
            unsafe posix_spawn_file_actions_init(&actions)
            unsafe posix_spawnattr_init(&attributes)
            defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
            defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
            // SAFETY: as above; texts are copied by the calls. The output goes first, as the pipe may be 0 or 2.
            unsafe posix_spawn_file_actions_adddup2(&actions, pipe.far.descriptor, STDOUT_FILENO)
            unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
            for descriptor in inherited() { unsafe posix_spawn_file_actions_addclose(&actions, descriptor) }
            var none = sigset_t()
            var all = sigset_t()
            // SAFETY: as above; the sets are locals.
            unsafe sigemptyset(&none)
            unsafe sigfillset(&all)
            unsafe posix_spawnattr_setsigmask(&attributes, &none)
            unsafe posix_spawnattr_setsigdefault(&attributes, &all)
            unsafe posix_spawnattr_setpgroup(&attributes, 0)
            let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
            // SAFETY: as above.
            unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
            var process = pid_t()
            // SAFETY: the strdup'ed texts are freed after the call, and both arrays end with nil.
            var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
            var variables = unsafe environment.map { unsafe strdup($0) } + [nil]
            defer { unsafe (arguments + variables).forEach { text in unsafe free(text) } }
            // SAFETY: as above; the path ends in 0 for the length of the call.
            let failure = unsafe posix_spawn(&process, path, &actions, &attributes, &arguments, &variables)
            // Our copy of the far end closes here, so that the pipe ends with those who write to it.
            withExtendedLifetime(pipe.far) {}
            return failure == 0 ? .success((process, pipe.near)) : .failure(Errno(code: failure))
        }
    }

    /// Descriptors beyond the first three that a program would inherit, which none of ours are meant to be.
    private static func inherited() -> [Int32] {
        (names(in: "/proc/self/fd") ?? []).compactMap { Int32($0) }.filter { descriptor in
            guard descriptor > 2 else { return false }
            let flags = fcntl(descriptor, F_GETFD)
            return flags >= 0 && flags & FD_CLOEXEC == 0
        }
    }

    /// Reads what there is, until more than `limit` bytes are there; false when there will be no more.
    private static func read(_ file: OpenFile, into bytes: inout [UInt8], limit: Int) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= limit {
            // SAFETY: the array has room for as many bytes as are asked for.
            let count = unsafe Glibc.read(file.descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return count < 0 && errno == EAGAIN }
            bytes += chunk.prefix(count)
        }
        return true
    }

    /// Whether a child has ended, without taking its end.
    private static func life(of process: pid_t) -> Life {
        // SAFETY: a local without content; the union in it is read only where the call has filled it.
        var information = unsafe siginfo_t()
        // SAFETY: the pointer is to a local that outlives the call; si_pid is 0 while there is no end.
        guard unsafe waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0 else {
            return errno == EINTR ? .running : .unknown
        }
        return unsafe information._sifields._sigchld.si_pid == 0 ? .running : .ended
    }

    /// Kills what is left of a child's process group and takes the child's end, which `reason` replaces.
    private static func finish(_ process: pid_t, _ reason: ChildEnd?, _ life: Life) -> ChildEnd {
        // Somebody else has taken the end: the number may be that of another process by now.
        guard life != .unknown else { return reason ?? .unknown }
        _ = kill(-process, SIGKILL)
        var status: Int32 = 0
        // SAFETY: the pointer is to a local that outlives the call.
        while unsafe waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { return reason ?? .unknown }
        }
        if let reason { return reason }
        return status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .signalled(status & 0x7f)
    }
}
