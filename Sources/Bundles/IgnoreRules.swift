/// Which files of a folder stay out of a bundle: the lines of a `.godwitignore`, in the manner of Git.
///
/// Understood are comments, `!` to take something back in, a slash at the end for folders only, a slash elsewhere to
/// mean a path from the top, `*` and `?` within a name, and `**` for any number of folders. The last rule that matches
/// decides; what is in a folder that stays out stays out.
package struct IgnoreRules: Sendable {
    /// Name of the file in the folder that is packed.
    package static let fileName = ".godwitignore"

    private struct Rule {
        let pattern: [[UInt8]]
        let isNegated: Bool
        let isForFolders: Bool
    }

    /// What nobody wants in a bundle.
    private static let defaults = [
        ".git/", ".gitignore", ".build/", ".swiftpm/", ".venv/", "__pycache__/", "*.pyc", ".DS_Store", "/\(fileName)",
    ]

    private let rules: [Rule]

    /// Rules of that text, after the defaults.
    package init(_ text: String) {
        let lines = Self.defaults + text.split(whereSeparator: \.isNewline).map(String.init)
        self.rules = lines.compactMap(Self.rule)
    }

    private static func rule(_ line: String) -> Rule? {
        var rest = Substring(line)
        while rest.last == " " || rest.last == "\t" { rest = rest.dropLast() }
        guard !rest.isEmpty, !rest.hasPrefix("#") else { return nil }
        let isNegated = rest.hasPrefix("!")
        if isNegated { rest = rest.dropFirst() }
        let isForFolders = rest.hasSuffix("/")
        if isForFolders { rest = rest.dropLast() }
        let isFromTop = rest.contains("/")
        if rest.hasPrefix("/") { rest = rest.dropFirst() }
        guard !rest.isEmpty else { return nil }
        let names = rest.utf8.split(separator: UInt8(ascii: "/")).map(Array.init)
        return Rule(
            pattern: isFromTop ? names : [Array("**".utf8)] + names,
            isNegated: isNegated,
            isForFolders: isForFolders
        )
    }

    /// Whether a path stays out.
    package func ignores(_ path: String, isFolder: Bool) -> Bool {
        let names = path.utf8.split(separator: UInt8(ascii: "/")).map(Array.init)
        let last = rules.last { (isFolder || !$0.isForFolders) && Self.matches($0.pattern[...], names[...]) }
        return last.map { !$0.isNegated } ?? false
    }

    private static func matches(_ pattern: ArraySlice<[UInt8]>, _ names: ArraySlice<[UInt8]>) -> Bool {
        guard let first = pattern.first else { return names.isEmpty }
        if first == Array("**".utf8) {
            return matches(pattern.dropFirst(), names) || (!names.isEmpty && matches(pattern, names.dropFirst()))
        }
        guard let name = names.first, matchesName(first, name) else { return false }
        return matches(pattern.dropFirst(), names.dropFirst())
    }

    /// Matches one name by `*` and `?`; linear but for the last star, so no pattern takes long.
    private static func matchesName(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
        var position = 0
        var index = 0
        var star: (pattern: Int, name: Int)?
        while index < name.count {
            if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
                star = (position, index)
                position += 1
            } else if position < pattern.count,
                pattern[position] == UInt8(ascii: "?") || pattern[position] == name[index]
            {
                position += 1
                index += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                position = last.pattern + 1
                index = last.name + 1
            } else {
                return false
            }
        }
        return pattern[position...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
