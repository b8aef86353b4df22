// SAFETY: @preconcurrency because `stdout` is a variable to C. It is read once, before there is a second thread,
// and never set.
#if canImport(Glibc)
@unsafe @preconcurrency import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The module's system calls, in one place; the errno policy is here.
///
/// `EINTR` is retried. A connection that was reset is one that ended. What is left becomes a `SystemError`.
package enum System {
    /// What to do at once when a descriptor has nothing to read.
    enum Waiting {
        case wait
        case returnAtOnce
    }

    /// What a read came back with.
    enum ReadResult: Equatable {
        case bytes(Int)
        case nothingYet
        case end
    }

    // MARK: - Descriptors

    /// Reads from a socket into space, from an offset on.
    ///
    /// Who waits in `recv` is woken when the other side takes what was written, too: the kernel has one queue for both
    /// directions of a socket. `poll` is woken for bytes only, which saves a turn on the processor a call.
    static func receive(
        _ descriptor: Int32,
        into space: inout MutableSpan<UInt8>,
        from offset: Int,
        _ waiting: Waiting
    ) throws(SystemError) -> ReadResult {
        try receive(descriptor, waiting) { flags in
            // SAFETY: the kernel writes only into the rest of the space, which is ours for the length of the call.
            unsafe space.withUnsafeMutableBytes { space in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: space[offset...])
                return unsafe recv(descriptor, rest.baseAddress, rest.count, flags)
            }
        }
    }

    /// Reads from a socket as `receive` does, and takes a descriptor that comes with the bytes.
    static func receive(
        _ socket: Int32,
        into space: inout MutableSpan<UInt8>,
        from offset: Int,
        _ waiting: Waiting,
        descriptor: inout Int32
    ) throws(SystemError) -> ReadResult {
        var descriptors: [Int32] = []
        let result = try receive(socket, waiting) { flags in
            // SAFETY: as above.
            unsafe space.withUnsafeMutableBytes { space in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: space[offset...])
                return unsafe receiveMessage(socket, rest, flags | closeOnExec, &descriptors)
            }
        }
        if let first = descriptors.first { descriptor = first }
        return result
    }

    /// Lets `read` try until it has something, or what it met is to be told.
    private static func receive(
        _ descriptor: Int32,
        _ waiting: Waiting,
        _ read: (_ flags: Int32) -> Int
    ) throws(SystemError) -> ReadResult {
        if waiting == .wait { try awaitReadable(descriptor) }
        while true {
            let count = read(waiting == .wait ? 0 : Int32(MSG_DONTWAIT))
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            switch errno {
            case EINTR: continue
            case EAGAIN where waiting == .returnAtOnce: return .nothingYet
            case ECONNRESET: return .end
            default: throw SystemError("recv", errno)
            }
        }
    }

    /// Reads from any descriptor into new bytes; none at the end.
    package static func read(_ descriptor: Int32, atMost limit: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        while true {
            var space = bytes.mutableSpan
            // SAFETY: as in `receive`.
            let count = unsafe space.withUnsafeMutableBytes { unsafe Self.read(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                bytes.removeLast(limit - count)
                return bytes
            }
            guard errno == EINTR else { throw SystemError("read", errno) }
        }
    }

    /// Writes all bytes, waiting as long as it takes.
    package static func write(_ descriptor: Int32, _ bytes: borrowing Span<UInt8>) throws(SystemError) {
        var offset = 0
        while offset < bytes.count {
            // SAFETY: the kernel reads within the span, which is borrowed for the length of the call.
            let count = unsafe bytes.extracting(droppingFirst: offset).withUnsafeBytes {
                unsafe Self.write(descriptor, $0.baseAddress, $0.count)
            }
            if count >= 0 {
                offset += count
            } else if errno != EINTR {
                throw SystemError("write", errno)
            }
        }
    }

    private static var streamType: Int32 {
        #if canImport(Glibc)
        Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        #elseif canImport(Musl)
        SOCK_STREAM | SOCK_CLOEXEC
        #endif
    }

    /// Makes two stream sockets that are connected to one another.
    package static func streamPair() throws(SystemError) -> (Int32, Int32) {
        var pair: (Int32, Int32) = (-1, -1)
        // SAFETY: a tuple of two Int32 is laid out as the C array of two that is filled in.
        let result = unsafe withUnsafeMutableBytes(of: &pair) { pair in
            let first = unsafe pair.assumingMemoryBound(to: Int32.self).baseAddress
            return unsafe socketpair(AF_UNIX, streamType, 0, first)
        }
        guard result == 0 else { throw SystemError("socketpair", errno) }
        return pair
    }

    /// Maps memory that a descriptor is of, to read and write it together with whoever else has it.
    static func mapShared(_ descriptor: Int32, _ size: Int) throws(SystemError) -> UnsafeMutableRawPointer {
        // SAFETY: the kernel chooses where; nothing that is mapped already is touched.
        let start = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let start = unsafe start, unsafe start != MAP_FAILED else { throw SystemError("mmap", errno) }
        return unsafe start
    }

    /// Ends a mapping that `mapShared` has made.
    static func unmap(_ start: UInt, _ size: Int) {
        // SAFETY: whoever made the mapping says that nothing uses it any more.
        unsafe _ = munmap(UnsafeMutableRawPointer(bitPattern: start), size)
    }

    /// Makes a pipe.
    static func makePipe() throws(SystemError) -> (reading: Int32, writing: Int32) {
        var pair: (Int32, Int32) = (-1, -1)
        // SAFETY: as in `streamPair`.
        let result = unsafe withUnsafeMutableBytes(of: &pair) {
            unsafe pipe($0.assumingMemoryBound(to: Int32.self).baseAddress)
        }
        guard result == 0 else { throw SystemError("pipe", errno) }
        return pair
    }

    /// Waits until a descriptor can be read.
    private static func awaitReadable(_ descriptor: Int32) throws(SystemError) {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // SAFETY: it is the one that the count says, and live for the call.
        while unsafe poll(&watched, 1, -1) < 0 {
            guard errno == EINTR else { throw SystemError("poll", errno) }
        }
    }

    /// Waits until one of two descriptors can be read.
    static func waitReadable(_ first: Int32, _ second: Int32) throws(SystemError) -> (first: Bool, second: Bool) {
        var pair: (pollfd, pollfd) = (
            pollfd(fd: first, events: Int16(POLLIN), revents: 0), pollfd(fd: second, events: Int16(POLLIN), revents: 0)
        )
        while true {
            // SAFETY: a tuple of two pollfd is laid out as the C array of two that is filled in.
            let result = unsafe withUnsafeMutableBytes(of: &pair) {
                unsafe poll($0.assumingMemoryBound(to: pollfd.self).baseAddress, 2, -1)
            }
            if result > 0 { return (pair.0.revents != 0, pair.1.revents != 0) }
            if result < 0, errno != EINTR { throw SystemError("poll", errno) }
        }
    }

    /// Says that nothing more will be written.
    static func endWriting(_ descriptor: Int32) { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    /// Gives a descriptor back.
    package static func close(_ descriptor: Int32) { _ = Self.closeDescriptor(descriptor) }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    // MARK: - The process

    /// The value of an environment variable.
    static func environment(_ name: String) -> String? {
        // SAFETY: the pointer is read at once; nothing changes the environment but `takeEnvironment`, before any thread.
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// The same, and the variable is gone; only while there is one thread.
    static func takeEnvironment(_ name: String) -> String? {
        let value = environment(name)
        // SAFETY: the name is a C string for the length of the call.
        unsafe unsetenv(name)
        return value
    }

    /// Makes a write to a socket whose other end is gone an error instead of the end of the process.
    package static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Makes every line that is printed leave at once, as on a terminal.
    static func lineBufferStandardOutput() {
        // SAFETY: the stream lives as long as the process; nothing has been written to it yet.
        unsafe setvbuf(stdout, nil, Int32(_IOLBF), 0)
    }

    static func exit(_ code: Int32) -> Never {
        #if canImport(Glibc)
        Glibc.exit(code)
        #elseif canImport(Musl)
        Musl.exit(code)
        #endif
    }

    /// Starts a thread that nobody waits for.
    package static func startThread(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
        final class Body: Sendable {
            let run: @Sendable () -> Void
            init(_ run: @escaping @Sendable () -> Void) { self.run = run }
        }
        // SAFETY: the retain taken here is given back by the thread, or below when there is none.
        let pointer = unsafe Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            },
            pointer.toOpaque()
        )
        guard code == 0 else {
            // SAFETY: no thread was started, so nobody else will release what was retained for it.
            unsafe pointer.release()
            throw SystemError("pthread_create", code)
        }
        _ = pthread_detach(thread)
    }

    // MARK: - Forks (see `Zygote`)

    static var invalid: Int32 { EINVAL }
    static var processNumber: Int32 { getpid() }

    /// The names in a folder, without `.` and `..`; none where it cannot be read.
    static func entries(of folder: String) -> [String] {
        // SAFETY: the stream is closed here, and an entry is read before the next one takes its place.
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe _ = closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            // SAFETY: as above; the kernel terminates the name within its field.
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    static func isOpen(_ descriptor: Int32) -> Bool { fcntl(descriptor, F_GETFD) >= 0 }

    /// Makes `target` another name of `source`.
    static func replace(_ target: Int32, with source: Int32) throws(SystemError) {
        guard dup2(source, target) == target else { throw SystemError("dup2", errno) }
    }

    /// Forks a process that has one thread; true in the fork.
    static func fork() throws(SystemError) -> Bool {
        let pid = forkProcess()
        guard pid >= 0 else { throw SystemError("fork", errno) }
        return pid == 0
    }

    /// Waits for the end of a fork; the code is -1 when a signal ended it.
    static func awaitEnd(of pid: Int32) throws(SystemError) -> (code: Int32, signal: Int32, cpuNanoseconds: UInt64) {
        var status: Int32 = 0
        var usage = rusage()
        // SAFETY: both are live for the length of the call.
        while unsafe wait4(pid, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw SystemError("wait4", errno) }
        }
        let signal = status & 0x7f
        let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
        let cpu = UInt64(clamping: seconds) &* 1_000_000_000 &+ UInt64(clamping: microseconds) &* 1000
        return (signal == 0 ? (status >> 8) & 0xff : -1, signal, cpu)
    }

    /// Enters a mount namespace of its own; returns a descriptor of it.
    static func isolateMounts() throws(SystemError) -> Int32 {
        // SAFETY: the path is a constant, terminated text.
        guard unshareNamespaces(0x20000 /* CLONE_NEWNS */) == 0 else { throw SystemError("unshare", errno) }
        let descriptor = unsafe open("/proc/self/ns/mnt", O_RDONLY)
        guard descriptor >= 0 else { throw SystemError("open", errno) }
        return descriptor
    }

    /// Empties all sets of capabilities.
    static func dropCapabilities() throws(SystemError) {
        var header: (version: UInt32, pid: Int32) = (0x2008_0522, 0)
        var none: (UInt64, UInt64, UInt64) = (0, 0, 0)
        // SAFETY: the kernel reads a header of 8 bytes and, for this version, two times 12 bytes.
        guard unsafe setCapabilities(&header, &none) == 0 else { throw SystemError("capset", errno) }
    }

    /// Enters a domain of Landlock.
    static func enterDomain(_ rules: Int32) throws(SystemError) {
        // landlock_restrict_self has this number on every architecture.
        guard systemCall(446, Int(rules), 0, 0) == 0 else { throw SystemError("landlock_restrict_self", errno) }
    }

    /// Enters a filter of system calls, given as its instructions of eight bytes each.
    static func enterFilter(_ instructions: [UInt8]) throws(SystemError) {
        // SAFETY: the program is laid out as `struct sock_fprog`, and what it points to is live for the call.
        let result = unsafe instructions.withUnsafeBytes { bytes in
            var program = (length: UInt16(clamping: bytes.count / 8), instructions: bytes.baseAddress)
            return unsafe withUnsafePointer(to: &program) { program in
                // PR_SET_SECCOMP and SECCOMP_MODE_FILTER.
                processControl(22, 2, Int(bitPattern: program), 0, 0)
            }
        }
        guard result == 0 else { throw SystemError("prctl", errno) }
    }

    /// A control message with descriptors, as the kernel lays it out.
    private struct DescriptorMessage {
        var length = 0
        var level = Int32(SOL_SOCKET)
        var type = Int32(0x01)  // SCM_RIGHTS
        var descriptors: [10 of Int32] = [10 of Int32](repeating: -1)

        static let headLength = 16
    }

    /// MSG_CMSG_CLOEXEC, which Swift does not import: descriptors that come are not inherited by programs.
    private static let closeOnExec: Int32 = 0x4000_0000

    /// Sends one packet, perhaps with a descriptor.
    package static func sendPacket(
        _ socket: Int32,
        _ bytes: borrowing Span<UInt8>,
        descriptor: Int32? = nil
    ) throws(SystemError) {
        var control = DescriptorMessage()
        control.length = DescriptorMessage.headLength + 4
        control.descriptors[0] = descriptor ?? -1
        // SAFETY: everything that the message points to is live for the call, and as long as it says.
        let count = unsafe bytes.withUnsafeBytes { bytes in
            unsafe withUnsafeMutablePointer(to: &control) { control in
                var part = unsafe iovec(
                    iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                    iov_len: bytes.count
                )
                return unsafe withUnsafeMutablePointer(to: &part) { part in
                    var message = unsafe msghdr()
                    unsafe message.msg_iov = part
                    unsafe message.msg_iovlen = 1
                    if descriptor != nil {
                        // SAFETY: the control message is live, and as long as is said here.
                        unsafe message.msg_control = UnsafeMutableRawPointer(control)
                        unsafe message.msg_controllen = .init(DescriptorMessage.headLength + 8)
                    }
                    return unsafe sendmsg(socket, &message, Int32(MSG_NOSIGNAL))
                }
            }
        }
        guard count == bytes.count else { throw SystemError("sendmsg", errno) }
    }

    /// Receives one packet and the descriptors that came with it; no bytes at the end.
    static func receivePacket(_ socket: Int32) throws(SystemError) -> (bytes: [UInt8], descriptors: [Int32]) {
        var bytes = [UInt8](repeating: 0, count: 1024)
        var descriptors: [Int32] = []
        while true {
            // SAFETY: the space is ours for the length of the call.
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe receiveMessage(socket, $0, 0, &descriptors) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError("recvmsg", errno) }
            return (Array(bytes.prefix(count)), descriptors)
        }
    }

    /// `recvmsg` into a space, and the descriptors that came; -1 and errno when it failed.
    private static func receiveMessage(
        _ socket: Int32,
        _ space: UnsafeMutableRawBufferPointer,
        _ flags: Int32,
        _ descriptors: inout [Int32]
    ) -> Int {
        var control = DescriptorMessage()
        var received = 0
        // SAFETY: as in `sendPacket`; the kernel writes no more than it is told there is room for.
        let count = unsafe withUnsafeMutablePointer(to: &control) { control in
            var part = unsafe iovec(iov_base: space.baseAddress, iov_len: space.count)
            return unsafe withUnsafeMutablePointer(to: &part) { part in
                var message = unsafe msghdr()
                unsafe message.msg_iov = part
                unsafe message.msg_iovlen = 1
                unsafe message.msg_control = UnsafeMutableRawPointer(control)
                unsafe message.msg_controllen = .init(DescriptorMessage.headLength + 10 * 4)
                let count = unsafe recvmsg(socket, &message, flags)
                received = Int(unsafe message.msg_controllen)
                return count
            }
        }
        guard count >= 0, received >= DescriptorMessage.headLength else { return count }
        let held = (control.length - DescriptorMessage.headLength) / 4
        descriptors = (0..<min(10, held)).map { control.descriptors[$0] }
        return count
    }

    // What Swift does not import, because it is not safe with other threads about (`fork`), or takes arguments without
    // number. All arguments are integers or pointers, which go to a variadic function as to any other here.
    @_silgen_name("fork") private static func forkProcess() -> Int32
    @_silgen_name("unshare") private static func unshareNamespaces(_ flags: Int32) -> Int32
    @_silgen_name("capset") private static func setCapabilities(
        _ header: UnsafeMutableRawPointer,
        _ data: UnsafeMutableRawPointer
    ) -> Int32
    @_silgen_name("syscall") private static func systemCall(_ number: Int, _ a: Int, _ b: Int, _ c: Int) -> Int
    @_silgen_name("prctl") private static func processControl(
        _ option: Int32,
        _ a: Int,
        _ b: Int,
        _ c: Int,
        _ d: Int
    ) -> Int32

    // The C functions, under names that do not hide them.
    // SAFETY: whoever calls them passes memory that is live for the call and as large as the count says.
    private static func read(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
        unsafe Glibc.read(descriptor, bytes, count)
        #elseif canImport(Musl)
        unsafe Musl.read(descriptor, bytes, count)
        #endif
    }

    // SAFETY: as above.
    private static func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
        unsafe Glibc.write(descriptor, bytes, count)
        #elseif canImport(Musl)
        unsafe Musl.write(descriptor, bytes, count)
        #endif
    }

    private static func closeDescriptor(_ descriptor: Int32) -> Int32 {
        #if canImport(Glibc)
        Glibc.close(descriptor)
        #elseif canImport(Musl)
        Musl.close(descriptor)
        #endif
    }
}
