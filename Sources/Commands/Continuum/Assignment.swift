import ArgumentParser
import Domain

/// An argument of the form `NAME=VALUE`, the value a number.
package struct Assignment: Hashable, Sendable {
    package let name: String
    package let value: Double

    /// For `transform:` of an argument.
    @Sendable
    package static func parse(_ raw: String) throws -> Assignment {
        guard let mark = raw.firstIndex(of: "="), mark != raw.startIndex else {
            throw ValidationError("'\(Printable.text(raw))' is not like name=value")
        }
        let text = raw[raw.index(after: mark)...]
        guard let value = Double(text), value.isFinite else {
            throw ValidationError("'\(Printable.text(String(text)))' is no number; write for example 0.5")
        }
        return Assignment(name: String(raw[..<mark]), value: value)
    }

    /// Values by name; throws which name is given twice.
    package static func values(_ assignments: [Assignment]) throws -> [String: Double] {
        var values: [String: Double] = [:]
        for assignment in assignments where values.updateValue(assignment.value, forKey: assignment.name) != nil {
            throw ValidationError("'\(Printable.text(assignment.name))' is given twice")
        }
        return values
    }
}
