/// Reads the fields of one map of a document, and refuses those that nobody knows.
package struct DocumentMap {
    private let fields: [String: DocumentValue]
    private let path: String

    /// Opens a map whose only allowed keys are `known`; `path` is its place in the document ("" for the top).
    package init(_ value: DocumentValue, at path: String, known: [String]) throws(Invalid) {
        self.path = path
        guard case .map(let entries) = value else {
            throw Invalid(path.isEmpty ? "document" : path, "must be a map of names to values, not \(value.kind)")
        }
        var fields: [String: DocumentValue] = [:]
        for entry in entries {
            let place = path.isEmpty ? entry.key : "\(path).\(entry.key)"
            guard known.contains(entry.key) else {
                let hint = NearestName.hint(for: entry.key, among: known)
                throw Invalid(Printable.text(place), "is no known field; \(hint)")
            }
            guard fields.updateValue(entry.value, forKey: entry.key) == nil else {
                throw Invalid(place, "is given twice")
            }
        }
        self.fields = fields
    }

    /// The place of a field in the document.
    package func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The field's value; nil when it is absent or null.
    package func value(_ key: String) -> DocumentValue? {
        guard let value = fields[key], value != .null else { return nil }
        return value
    }

    /// The field's text, or nil when it is absent.
    package func text(_ key: String) throws(Invalid) -> String? {
        guard let value = value(key) else { return nil }
        guard case .scalar(let text) = value else {
            throw Invalid(place(key), "must be a single value, not \(value.kind)")
        }
        return text
    }

    /// The field parsed by `parse`, its error placed in the document; nil when it is absent.
    package func parsed<T>(_ key: String, _ parse: (String) throws(Invalid) -> T) throws(Invalid) -> T? {
        guard let text = try text(key) else { return nil }
        do {
            return try parse(text)
        } catch {
            throw Invalid(place(key), error.reason)
        }
    }

    /// A whole number within a range; nil when it is absent.
    package func integer(_ key: String, in range: ClosedRange<Int>) throws(Invalid) -> Int? {
        guard let text = try text(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Invalid(
                place(key),
                "'\(Printable.text(text))' must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// A number within a range; nil when it is absent.
    package func number(_ key: String, in range: ClosedRange<Double>) throws(Invalid) -> Double? {
        guard let text = try text(key) else { return nil }
        guard let number = Double(text), range.contains(number) else {
            throw Invalid(
                place(key),
                "'\(Printable.text(text))' must be a number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// `true` or `false`; nil when it is absent.
    package func flag(_ key: String) throws(Invalid) -> Bool? {
        guard let text = try text(key) else { return nil }
        switch text.lowercased() {
        case "true", "yes": return true
        case "false", "no": return false
        default: throw Invalid(place(key), "'\(Printable.text(text))' must be true or false")
        }
    }

    /// A list of texts, each parsed; a single value counts as a list of one; empty when it is absent.
    package func list<T>(_ key: String, _ parse: (String) throws(Invalid) -> T) throws(Invalid) -> [T] {
        let values: [DocumentValue]
        switch value(key) {
        case nil: return []
        case .list(let items): values = items
        case .scalar(let text): values = [.scalar(text)]
        case .some(let other): throw Invalid(place(key), "must be a list, not \(other.kind)")
        }
        var parsed: [T] = []
        for (index, item) in values.enumerated() {
            guard case .scalar(let text) = item else {
                throw Invalid("\(place(key))[\(index)]", "must be a single value, not \(item.kind)")
            }
            do {
                parsed.append(try parse(text))
            } catch {
                throw Invalid("\(place(key))[\(index)]", error.reason)
            }
        }
        return parsed
    }
}
