import Domain

/// Decides which addresses a callback may be sent to: public ones, and those that the operator named.
package struct AddressPolicy: Sendable {
    /// Networks that are not the public Internet (IANA special-purpose registries), mapped and translated forms too.
    private static let special: [AddressRange] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23",
        "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    ].compactMap { try? AddressRange($0) }

    private let allowed: [AddressRange]

    /// `allowed` are networks that may be reached although they are special.
    package init(allowed: [AddressRange]) { self.allowed = allowed }

    /// Whether `address`, 16 bytes, may be connected to.
    package func permits(_ address: [UInt8]) -> Bool {
        if allowed.contains(where: { $0.contains(address) }) { return true }
        return !Self.special.contains { $0.contains(address) }
    }
}
