package import Domain

/// What kind of address one is, by the registries of IANA.
package enum AddressKind: String, Sendable, CaseIterable {
    /// Anybody's on the Internet; the only kind that needs no listing of its own.
    case `public`
    /// This host, or any; connecting to it means loopback on Linux.
    case unspecified
    case loopback
    case `private`
    /// Between a provider and its customers.
    case carrierGrade = "carrier-grade NAT"
    case linkLocal = "link-local"
    /// Where clouds hand out credentials to whoever asks from the machine.
    case metadata
    case multicast
    case documentation
    case benchmarking
    /// IPv6 that stands for an IPv4 address somewhere behind a translator or a tunnel.
    case translated
    case reserved

    /// Addresses and networks that are not public, the more special ones first.
    private static let special: [(network: IPNetwork, kind: Self)] = [
        // Amazon, Google, Azure, Oracle, OpenStack; Amazon's containers; Azure's agent; Alibaba; Oracle; Amazon over IPv6.
        ("169.254.169.254", .metadata), ("169.254.170.2", .metadata), ("168.63.129.16", .metadata),
        ("100.100.100.200", .metadata), ("192.0.0.192", .metadata), ("fd00:ec2::254", .metadata),
        ("0.0.0.0/8", .unspecified), ("10.0.0.0/8", .private), ("100.64.0.0/10", .carrierGrade),
        ("127.0.0.0/8", .loopback), ("169.254.0.0/16", .linkLocal), ("172.16.0.0/12", .private),
        ("192.0.0.0/24", .reserved), ("192.0.2.0/24", .documentation), ("192.31.196.0/24", .reserved),
        ("192.52.193.0/24", .reserved), ("192.88.99.0/24", .translated), ("192.168.0.0/16", .private),
        ("192.175.48.0/24", .reserved), ("198.18.0.0/15", .benchmarking), ("198.51.100.0/24", .documentation),
        ("203.0.113.0/24", .documentation), ("224.0.0.0/4", .multicast), ("240.0.0.0/4", .reserved),
        ("::", .unspecified), ("::1", .loopback), ("64:ff9b::/96", .translated), ("64:ff9b:1::/48", .translated),
        ("2001:2::/48", .benchmarking), ("2001:db8::/32", .documentation), ("3fff::/20", .documentation),
        // Teredo and the rest of the protocol assignments, then 6to4.
        ("2001::/32", .translated), ("2001::/23", .reserved), ("2002::/16", .translated), ("fc00::/7", .private),
        ("fe80::/10", .linkLocal), ("fec0::/10", .private), ("ff00::/8", .multicast), ("::/96", .translated),
        ("2620:4f:8000::/48", .reserved),
    ]
    .compactMap { text, kind in (try? IPNetwork(text)).map { ($0, kind) } }

    /// All of public IPv6 lies in here.
    private static let global = try? IPNetwork("2000::/3")

    /// The kind of an address.
    package init(_ address: IPAddress) {
        if let known = Self.special.first(where: { $0.network.contains(address) }) {
            self = known.kind
        } else if address.version4 != nil || Self.global?.contains(address) == true {
            self = .public
        } else {
            // What IANA has given to nobody yet is not the Internet.
            self = .reserved
        }
    }

    /// Whether no listing can open it.
    package var isNeverReached: Bool { self == .unspecified || self == .multicast }
}
