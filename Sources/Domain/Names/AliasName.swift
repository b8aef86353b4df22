/// The name of an alias: a Label that is not a number, so that it cannot be mistaken for a version.
package struct AliasName: Hashable, Sendable, CustomStringConvertible {
    /// The name as written.
    package let text: String

    /// Parses a name; throws what is wrong with it.
    package init(_ raw: String) throws(Invalid) {
        try Label.check(raw, kind: "alias")
        guard raw.utf8.contains(where: { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw Invalid("alias", "'\(raw)' is a number, which names a version; begin it with a letter")
        }
        self.text = raw
    }

    package var description: String { text }
}

extension AliasName: TextCodable {}
