import Glibc
import NIOCore

/// IP addresses as 16 bytes; IPv4 as `::ffff:a.b.c.d`.
package enum AddressBytes {
    /// The bytes of an address in text form, or nil.
    package static func parse(_ text: String) -> [UInt8]? {
        if let bytes = bytes(of: text, family: AF_INET, count: 4) {
            return Array(repeating: 0, count: 10) + [255, 255] + bytes
        }
        return bytes(of: text, family: AF_INET6, count: 16)
    }

    /// The bytes of a socket's address; nil for one that is not of the Internet.
    static func of(_ address: SocketAddress) -> [UInt8]? { address.ipAddress.flatMap(parse) }

    private static func bytes(of text: String, family: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        // SAFETY: inet_pton writes `count` bytes for this family, which is what the buffer has.
        let result = unsafe bytes.withUnsafeMutableBytes { unsafe inet_pton(family, text, $0.baseAddress) }
        return result == 1 ? bytes : nil
    }
}
