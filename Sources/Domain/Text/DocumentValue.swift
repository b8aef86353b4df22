/// A document as a tree of text: what is left of YAML or JSON before it is given a meaning.
package indirect enum DocumentValue: Equatable, Sendable {
    case null
    case scalar(String)
    case list([DocumentValue])
    case map([Entry])

    /// One key of a map with its value; kept in the order written, so that doubles can be refused.
    package struct Entry: Equatable, Sendable {
        package let key: String
        package let value: DocumentValue

        package init(key: String, value: DocumentValue) {
            self.key = key
            self.value = value
        }
    }

    /// What kind of value this is, for errors.
    var kind: String {
        switch self {
        case .null: "nothing"
        case .scalar: "a single value"
        case .list: "a list"
        case .map: "a map of names to values"
        }
    }
}
