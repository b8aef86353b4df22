/// The name of a node: a Label, unique on a continuum.
package struct NodeName: Hashable, Sendable, CustomStringConvertible {
    /// The name as written.
    package let text: String

    /// Parses a name; throws what is wrong with it.
    package init(_ raw: String) throws(Invalid) {
        try Label.check(raw, kind: "node name")
        self.text = raw
    }

    package var description: String { text }
}

extension NodeName: TextCodable {}
