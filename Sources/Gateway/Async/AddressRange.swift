package import Domain

/// A range of IP addresses in CIDR form; IPv4 is held as IPv4-mapped IPv6, so that one comparison covers both.
package struct AddressRange: Hashable, Sendable {
    private let network: [UInt8]
    private let prefixLength: Int

    /// Parses `10.0.0.0/8`, `fd00::/8`, or a single address.
    package init(_ raw: String) throws(Invalid) {
        let parts = raw.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ AddressBytes.parse(String($0)) }), parts.count <= 2 else {
            throw Invalid("network", "'\(Printable.text(raw))' is not like 10.0.0.0/8 or fd00::/8")
        }
        let isVersion4 = !String(parts[0]).contains(":")
        let width = isVersion4 ? 32 : 128
        guard let length = parts.count == 2 ? Int(parts[1]) : width, (0...width).contains(length) else {
            throw Invalid("network", "'\(Printable.text(raw))' has no prefix length of 0 to \(width)")
        }
        self.network = address
        self.prefixLength = isVersion4 ? length + 96 : length
    }

    /// Whether an address of 16 bytes lies in the range.
    package func contains(_ address: [UInt8]) -> Bool {
        guard address.count == 16 else { return false }
        let whole = prefixLength / 8
        guard network[..<whole] == address[..<whole] else { return false }
        let rest = prefixLength % 8
        guard rest > 0 else { return true }
        let mask = UInt8.max << UInt8(8 - rest)
        return network[whole] & mask == address[whole] & mask
    }
}
