/// The addresses that begin with the same bits, in CIDR form; one address is a network too.
package struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    /// The first address.
    package let address: IPAddress
    /// Bits that all addresses share, counted in 128; an IPv4 prefix of 8 is 104.
    package let prefix: Int

    /// The network of one address.
    package init(_ address: IPAddress) {
        self.init(address: address, prefix: 128)
    }

    private init(address: IPAddress, prefix: Int) {
        self.address = address
        self.prefix = prefix
    }

    /// Parses `10.0.0.0/8`, `fd00::/8`, or an address.
    package init(_ raw: String) throws(Invalid) {
        let shown = Printable.text(raw)
        let parts = raw.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first), parts.count <= 2 else {
            throw Invalid("network", "'\(shown)' is no address or network; write for example 10.0.0.0/8 or fd00::/8")
        }
        guard parts.count == 2 else {
            self.init(address)
            return
        }
        // The form decides what the length counts: ::ffff:10.0.0.0/104 is 10.0.0.0/8.
        let width = first.contains(":") ? 128 : 32
        guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(parts[1]), length <= width
        else { throw Invalid("network", "'\(shown)' has no prefix length of 0 to \(width)") }
        let prefix = length + 128 - width
        let start = Self.masked(address, prefix)
        guard start == address else {
            throw Invalid("network", "'\(shown)' has bits beyond its prefix; write \(start)/\(length)")
        }
        self.init(address: address, prefix: prefix)
    }

    /// Whether an address lies in it.
    package func contains(_ other: IPAddress) -> Bool { Self.masked(other, prefix) == address }

    /// Whether it is one address alone.
    package var isSingle: Bool { prefix == 128 }

    package var text: String {
        if isSingle { return address.description }
        return address.version4 != nil && prefix >= 96 ? "\(address)/\(prefix - 96)" : "\(address)/\(prefix)"
    }

    package var description: String { text }

    private static func masked(_ address: IPAddress, _ prefix: Int) -> IPAddress {
        func mask(_ bits: Int) -> UInt64 { bits <= 0 ? 0 : bits >= 64 ? .max : .max << UInt64(64 - bits) }
        return IPAddress(high: address.high & mask(prefix), low: address.low & mask(prefix - 64))
    }
}

extension IPNetwork: TextCodable {}
