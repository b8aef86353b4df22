package import Domain

/// `function.yaml`: text to ``FunctionSpec``.
package enum FunctionManifest {
    /// Its name at the top of a bundle.
    package static let fileName = "function.yaml"

    /// Parses a manifest; the error names the line where it can.
    package static func parse(_ bytes: [UInt8]) throws(Invalid) -> FunctionSpec {
        try YAMLFile(name: fileName).read(bytes, as: FunctionSpec.init(parsing:))
    }

    /// The manifest's text with these `syscalls` in place of those it had; nil leaves it without the field.
    package static func listing(_ calls: [SystemCallName]?, in text: String) throws(Invalid) -> String {
        let isLast = text.hasSuffix("\n")
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if isLast { lines.removeLast() }
        let field = calls.map { fieldLines(of: $0.map(\.text)) } ?? []
        if let first = lines.firstIndex(where: { $0.hasPrefix("syscalls:") }) {
            // What belongs to it is further in, or an item of a list; a comment further out is somebody's.
            let rest = lines[(first + 1)...].firstIndex {
                !$0.hasPrefix(" ") && !$0.hasPrefix("-") && !$0.hasPrefix("]")
            }
            lines.replaceSubrange(first..<(rest ?? lines.endIndex), with: field)
        } else {
            lines += field
        }
        let listed = lines.joined(separator: "\n") + "\n"
        guard try parse(Array(listed.utf8)).syscalls == calls else {
            throw Invalid(fileName, "is written such that its syscalls cannot be changed; change them by hand")
        }
        return listed
    }

    /// `syscalls` as a list in lines of at most 100 characters.
    private static func fieldLines(of calls: [String]) -> [String] {
        var lines = ["syscalls: ["]
        for call in calls {
            let word = call + ","
            if lines.count > 1, let last = lines.last, last.count + 1 + word.count <= 100 {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append("  " + word)
            }
        }
        return calls.isEmpty ? ["syscalls: []"] : lines + ["]"]
    }

    /// The manifest's text with another name; the handler that the old name implied is written out.
    package static func renamed(_ text: String, to name: FunctionName) throws(Invalid) -> String {
        let spec = try parse(Array(text.utf8))
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let index = lines.firstIndex(where: { $0.hasPrefix("name:") }) else {
            throw Invalid(fileName, "has no line that begins with 'name:', so the name cannot be changed")
        }
        lines[index] = "name: \(name)"
        if !lines.contains(where: { $0.hasPrefix("handler:") }) {
            lines.insert("handler: \"\(spec.handler)\"", at: index + 1)
        }
        let renamed = lines.joined(separator: "\n")
        let result = try parse(Array(renamed.utf8))
        guard result.name == name, result.handler == spec.handler else {
            throw Invalid(fileName, "is written such that its name cannot be changed; change it by hand")
        }
        return renamed
    }
}
