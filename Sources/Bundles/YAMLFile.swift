package import Domain
import Yams

/// A YAML file that people write: text to a ``DocumentValue`` that is given a meaning.
///
/// Errors name the file and line.
package struct YAMLFile: Sendable {
    /// Most bytes it may have.
    static let maximumSize = 65_536
    /// Deepest nesting; a manifest needs two levels.
    static let maximumDepth = 16
    /// Most values and keys.
    static let maximumNodes = 10_000

    /// What errors call it.
    private let name: String

    package init(name: String) { self.name = name }

    /// Reads the file and gives it its meaning; the error names the line where it can.
    package func read<Meaning>(
        _ bytes: [UInt8],
        as meaning: (DocumentValue) throws(Invalid) -> Meaning
    ) throws(Invalid) -> Meaning {
        guard bytes.count <= Self.maximumSize else {
            throw Invalid(name, "has \(bytes.count) bytes; \(Self.maximumSize) are allowed")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Invalid(name, "is not UTF-8") }
        var tree = DocumentTree(file: self)
        let document = try tree.document(compose(text))
        do {
            return try meaning(document)
        } catch {
            throw Invalid(place(line: tree.line(of: error.field), field: error.field), error.reason)
        }
    }

    func place(line: Int?, field: String) -> String {
        line.map { "\(name) line \($0), \(field)" } ?? "\(name), \(field)"
    }

    private func compose(_ text: String) throws(Invalid) -> Node {
        if let line = Self.aliasLine(text) {
            throw Invalid(
                "\(name) line \(line)",
                "anchors and aliases are not allowed; put a value that begins with & or * in quotes"
            )
        }
        do {
            guard let node = try Yams.compose(yaml: text) else { throw Invalid(name, "is empty") }
            return node
        } catch let error as Invalid {
            throw error
        } catch {
            throw invalid(error)
        }
    }

    private func invalid(_ error: any Error) -> Invalid {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            Invalid("\(name) line \(mark.line)", Printable.text(problem, limit: 200))
        case .duplicatedKeysInMapping(let keys, let context):
            Invalid(
                "\(name) line \(context.mark.line)",
                "'\(Printable.text(keys.first ?? ""))' is given twice"
            )
        case .reader(let problem, _, _, _): Invalid(name, "is no YAML: \(Printable.text(problem, limit: 200))")
        default: Invalid(name, "is no YAML")
        }
    }

    /// The line of the first thing that may be an anchor or alias, or nil.
    ///
    /// Aliases let a short text stand for an exponentially large tree, and comparing keys that are such trees takes
    /// exponential time while the text is parsed; so they are refused before. An alias begins a value: only spaces and
    /// one of `- ? : , [ { !` or the beginning of the line are before it. Within quotes such text is refused too: rare,
    /// and better than a second scanner of YAML that could be led to think differently from the first.
    private static func aliasLine(_ text: String) -> Int? {
        let starters = Set("-?:,[{!\n\r".utf8)
        var line = 1
        var previous = UInt8(ascii: "\n")
        var iterator = text.utf8.makeIterator()
        var next = iterator.next()
        while let byte = next {
            next = iterator.next()
            let beginsValue = starters.contains(previous) || previous >= 0x80
            let isMark = byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*")
            if isMark, beginsValue, let next, next > UInt8(ascii: " ") { return line }
            if byte == UInt8(ascii: "\n") { line += 1 }
            if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") { previous = byte }
        }
        return nil
    }
}
