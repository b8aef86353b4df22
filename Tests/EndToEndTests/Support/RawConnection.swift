import Foundation

/// A bare TCP connection, for what no well-behaved client would send; every read has a time limit.
struct RawConnection: ~Copyable {
    private let socket: Int32

    init(port: Int) throws {
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = unsafe withUnsafeBytes(of: &address) { bytes in
            // SAFETY: a sockaddr_in is what AF_INET expects, and its size is passed.
            unsafe connect(
                socket,
                bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_in>.size)
            )
        }
        guard result == 0 else { throw TestNode.Failure(description: "connect: errno \(errno)") }
        setReadLimit(seconds: 10)
    }

    deinit { close(socket) }

    func setReadLimit(seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        // SAFETY: the pointer is to a local that outlives the call.
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    func write(_ text: String) { write(Array(text.utf8)) }

    func write(_ bytes: [UInt8]) {
        // SAFETY: the buffer's span is live for the call and its size is given.
        _ = unsafe bytes.withUnsafeBytes { unsafe send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// Makes the connection break off, rather than end, when it is closed.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        // SAFETY: the pointer is to a local that outlives the call.
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Ends the sending side.
    func finish() { shutdown(socket, Int32(SHUT_WR)) }

    /// Reads once; nil at the end or after the time limit.
    ///
    /// Waits on a thread of its own: the threads that tests share are too few to block one.
    func read() async -> String? {
        let socket = socket
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var buffer = [UInt8](repeating: 0, count: 65_536)
                // SAFETY: the buffer's span is live for the call and its size is given.
                let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(socket, $0.baseAddress, $0.count, 0) }
                continuation.resume(returning: count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil)
            }
        }
    }

    /// Reads until the text holds `mark`, or nothing more comes.
    func read(until mark: String) async -> String {
        var text = ""
        while !text.contains(mark), let more = await read() { text += more }
        return text
    }

    /// Reads to the end.
    func readAll() async -> String {
        var text = ""
        while let more = await read() { text += more }
        return text
    }
}
