/// The place a node stands at: a Label.
package struct Site: Hashable, Sendable, CustomStringConvertible {
    /// The name as written.
    package let text: String

    /// Parses a name; throws what is wrong with it.
    package init(_ raw: String) throws(Invalid) {
        try Label.check(raw, kind: "site")
        self.text = raw
    }

    package var description: String { text }
}

extension Site: TextCodable {}
