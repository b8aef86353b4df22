/// The tier a node belongs to, for example `edge` or `cloud`: a Label.
package struct Tier: Hashable, Sendable, CustomStringConvertible {
    /// The name as written.
    package let text: String

    /// Parses a name; throws what is wrong with it.
    package init(_ raw: String) throws(Invalid) {
        try Label.check(raw, kind: "tier")
        self.text = raw
    }

    package var description: String { text }
}

extension Tier: TextCodable {}
