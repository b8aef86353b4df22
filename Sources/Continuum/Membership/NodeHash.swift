package import Domain

/// A number that depends on a text and a node's name, the same on every machine and in every version.
///
/// FNV-1a (Fowler, Noll, Vo) of both, mixed by the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), as FNV
/// alone leaves its high bits uneven for short texts.
package enum NodeHash {
    /// The number of `text` on the node `name`.
    package static func value(of text: String, on name: NodeName) -> UInt64 {
        // Both are mixed before they meet, so that similar names and texts do not cancel one another.
        mixed(mixed(hash(text)) ^ mixed(hash(name.text) &+ 0x9e37_79b9_7f4a_7c15))
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
