/// The SHA-256 of a bundle: the name of its content.
package struct Digest: Hashable, Sendable, CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    package let hex: String

    /// Takes the 32 bytes of a SHA-256.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self.hex = Hex.text(bytes)
    }

    /// Parses `sha256:` and 64 hexadecimal digits; the prefix may be left out.
    package init(_ raw: String) throws(Invalid) {
        let hex = raw.hasPrefix("sha256:") ? String(raw.dropFirst("sha256:".count)) : raw
        let isHex = hex.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
        guard hex.utf8.count == 64, isHex else {
            throw Invalid("digest", "'\(Printable.text(raw))' is not sha256: and 64 lower-case hexadecimal digits")
        }
        self.hex = hex
    }

    package var text: String { "sha256:\(hex)" }
    package var description: String { text }
}

extension Digest: TextCodable {}
