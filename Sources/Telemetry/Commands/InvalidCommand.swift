/// Why words make no command.
package struct InvalidCommand: Error, Hashable, CustomStringConvertible {
    /// One sentence for the operator.
    package let description: String
}
