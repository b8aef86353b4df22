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
    static func makeBell() -> Bell? {
        var ends: [Int32] = [-1, -1]
        // SAFETY: the array has room for the two descriptors that pipe gives.
        guard unsafe pipe(&ends) == 0 else { return nil }
        // The module has no pipe2. Until here a child made by another thread could inherit the pipe, which does no harm:
        // nobody waits for its end.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return Bell(near: OpenFile(descriptor: ends[0]), far: OpenFile(descriptor: ends[1]))
    }

    /// Wakes the thread that waits for the bell, or the next that does.
    static func ring(_ bell: Bell) { _ = write([1], to: bell.far.descriptor) }

    /// Sleeps until the bell is rung; several rings may wake once.
    static func wait(for bell: Bell) {
        var rings = [UInt8](repeating: 0, count: 64)
        // SAFETY: the array has room for as many bytes as are asked for.
        while unsafe Glibc.read(bell.near.descriptor, &rings, 64) < 0, errno == EINTR {}
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
}
