package import Domain

/// `function.yaml`: text to ``FunctionSpec``.
package enum FunctionManifest {
    /// Its name at the top of a bundle.
    package static let fileName = "function.yaml"

    /// Parses a manifest; the error names the line where it can.
    package static func parse(_ bytes: [UInt8]) throws(Invalid) -> FunctionSpec {
        try YAMLFile(name: fileName).read(bytes, as: FunctionSpec.init(parsing:))
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
