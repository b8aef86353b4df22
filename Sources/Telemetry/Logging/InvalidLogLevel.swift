import Logging

/// A text that is no log level.
package struct InvalidLogLevel: Error, Hashable, CustomStringConvertible {
    /// What was to be read.
    package let text: String

    package var description: String {
        let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        return "'\(PlainText.escaped(String(text.prefix(40))))' is no log level; there are \(known)"
    }
}
