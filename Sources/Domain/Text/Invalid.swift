/// Input that is not what it should be: what was wrong, where, and what would be right.
package struct Invalid: Error, Equatable, Sendable, CustomStringConvertible {
    /// Where the input is wrong: a field's path such as `instances.max`, or the name of a parameter.
    package let field: String
    /// What is wrong and what would be right, as one sentence without a full stop.
    package let reason: String

    package init(_ field: String, _ reason: String) {
        self.field = field
        self.reason = reason
    }

    package var description: String { "\(field): \(reason)" }
}
