package import Domain

/// Which of several nodes owns a key: highest-random-weight (rendezvous) hashing.
///
/// Every node gives a key a weight, and the highest owns it, so all who know the same names agree without a table; when
/// a node goes only its own keys move, evenly to all others (Thaler and Ravishankar, "Using Name-Based Mappings to
/// Increase Hit Rates", IEEE/ACM Transactions on Networking 6(1), 1998). Weights are FNV-1a (Fowler, Noll, Vo) of key
/// and name, mixed by the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), as FNV alone leaves its high
/// bits uneven for short texts.
package enum RendezvousOwner {
    /// The node that owns `key`, whatever the order of the names; nil among none.
    package static func owner(of key: String, among names: some Sequence<NodeName>) -> NodeName? {
        let keyHash = hash(key)
        var best: (weight: UInt64, name: NodeName)?
        for name in names {
            let weight = weight(ofHash: keyHash, on: name)
            guard let known = best else {
                best = (weight, name)
                continue
            }
            if isBefore((weight, name), known) { best = (weight, name) }
        }
        return best?.name
    }

    /// All names, the owner of `key` first, then the one that would own it next, and so on.
    package static func ranked(_ names: some Sequence<NodeName>, for key: String) -> [NodeName] {
        let keyHash = hash(key)
        return names.map { (weight: weight(ofHash: keyHash, on: $0), name: $0) }.sorted(by: isBefore).map(\.name)
    }

    /// The weight that a node gives a key.
    package static func weight(of key: String, on name: NodeName) -> UInt64 { weight(ofHash: hash(key), on: name) }

    private static func weight(ofHash keyHash: UInt64, on name: NodeName) -> UInt64 {
        // Both are mixed before they meet, so that similar names and keys do not cancel one another.
        mixed(mixed(keyHash) ^ mixed(hash(name.text) &+ 0x9e37_79b9_7f4a_7c15))
    }

    /// The higher weight first; of equal ones the first name.
    private static func isBefore(_ left: (UInt64, NodeName), _ right: (UInt64, NodeName)) -> Bool {
        left.0 != right.0 ? left.0 > right.0 : left.1.text < right.1.text
    }

    /// FNV-1a with 64 bits.
    private static func hash(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return hash
    }

    /// The finaliser of SplitMix64.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
