/// The name of a function: a Label, unique on a continuum.
package struct FunctionName: Hashable, Sendable, CustomStringConvertible {
    /// The name as written.
    package let text: String

    /// Parses a name; throws what is wrong with it.
    package init(_ raw: String) throws(Invalid) {
        try Label.check(raw, kind: "function name")
        self.text = raw
    }

    package var description: String { text }
}

extension FunctionName: TextCodable {}
