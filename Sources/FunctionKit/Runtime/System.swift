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
    static func receive(
        _ descriptor: Int32,
        into space: inout MutableSpan<UInt8>,
        from offset: Int,
        _ waiting: Waiting
    ) throws(SystemError) -> ReadResult {
        let flags = waiting == .wait ? 0 : Int32(MSG_DONTWAIT)
        while true {
            // SAFETY: the kernel writes only into the rest of the space, which is ours for the length of the call.
            let count = unsafe space.withUnsafeMutableBytes { space in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: space[offset...])
                return unsafe recv(descriptor, rest.baseAddress, rest.count, flags)
            }
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
        // SAFETY: the pointer is read at once; nothing in this process changes its environment.
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
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
