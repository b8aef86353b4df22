import NIOCore

/// IP addresses as 16 bytes; IPv4 as `::ffff:a.b.c.d`.
package enum AddressBytes {
    /// The bytes of an address in text form, or nil.
    package static func parse(_ text: String) -> [UInt8]? {
        if let bytes = System.addressBytes(of: text, isLong: false) {
            return Array(repeating: 0, count: 10) + [255, 255] + bytes
        }
        return System.addressBytes(of: text, isLong: true)
    }

    /// The bytes of a socket's address; nil for one that is not of the Internet.
    static func of(_ address: SocketAddress) -> [UInt8]? { address.ipAddress.flatMap(parse) }
}
