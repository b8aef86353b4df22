import Glibc
import NIOCore

/// The calls of this room into the C library.
enum System {
    /// Another descriptor of a socket, which is closed when a program is started.
    static func duplicate(_ socket: CInt) throws(IOError) -> CInt {
        let copy = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw IOError(errnoCode: errno, reason: "fcntl") }
        return copy
    }

    /// Sets how many connections may wait to be accepted from a socket that listens.
    static func setBacklog(of socket: CInt, to count: Int) throws(IOError) {
        guard listen(socket, CInt(clamping: count)) == 0 else { throw IOError(errnoCode: errno, reason: "listen") }
    }

    /// The bytes of an IPv4 address, or with `isLong` of an IPv6 address, in text form; nil where it is none.
    static func addressBytes(of text: String, isLong: Bool) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: isLong ? 16 : 4)
        // SAFETY: inet_pton writes 16 bytes for IPv6 and 4 for IPv4, which is what the buffer has.
        let result = unsafe bytes.withUnsafeMutableBytes {
            unsafe inet_pton(isLong ? AF_INET6 : AF_INET, text, $0.baseAddress)
        }
        return result == 1 ? bytes : nil
    }
}
