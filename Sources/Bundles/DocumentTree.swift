import Domain
import Yams

/// Turns the nodes of a YAML document into a ``DocumentValue``, bounded, and remembers the line of every field.
struct DocumentTree {
    private let file: YAMLFile
    private var lines: [String: Int] = [:]
    private var nodes = 0

    init(file: YAMLFile) { self.file = file }

    /// The line of a field by its path such as `instances.max` or `secrets[1]`, or of the nearest field around it.
    func line(of field: String) -> Int? {
        var path = Substring(field)
        while !path.isEmpty {
            if let line = lines[String(path)] { return line }
            guard let cut = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { return nil }
            path = path[..<cut]
        }
        return nil
    }

    /// The document of a root node.
    mutating func document(_ root: Node) throws(Invalid) -> DocumentValue { try value(root, at: "", depth: 0) }

    private mutating func value(_ node: Node, at path: String, depth: Int) throws(Invalid) -> DocumentValue {
        nodes += 1
        let place = file.place(line: node.mark?.line, field: path.isEmpty ? "document" : path)
        guard depth <= YAMLFile.maximumDepth, nodes <= YAMLFile.maximumNodes else {
            throw Invalid(place, "is nested too deep or has too many values")
        }
        switch node {
        case .scalar(let scalar):
            return node.tag == Tag(.null) ? .null : .scalar(scalar.string)
        case .sequence(let items):
            var list: [DocumentValue] = []
            for (index, item) in items.enumerated() {
                let itemPath = "\(path)[\(index)]"
                lines[itemPath] = item.mark?.line
                list.append(try value(item, at: itemPath, depth: depth + 1))
            }
            return .list(list)
        case .mapping(let pairs):
            var entries: [DocumentValue.Entry] = []
            for (key, item) in pairs {
                guard case .scalar(let name) = key else { throw Invalid(place, "has a name that is no single value") }
                nodes += 1
                let itemPath = path.isEmpty ? name.string : "\(path).\(name.string)"
                lines[itemPath] = key.mark?.line
                entries.append(.init(key: name.string, value: try value(item, at: itemPath, depth: depth + 1)))
            }
            return .map(entries)
        case .alias: throw Invalid(place, "is an alias, which is not allowed")
        }
    }
}
