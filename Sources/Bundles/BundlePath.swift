import Domain

/// The path of an entry, proven to stay within its bundle: one to 32 names joined by slashes.
struct BundlePath: Hashable, Sendable {
    /// Longest path in bytes.
    static let maximumLength = 1024
    /// Most names in a path.
    static let maximumDepth = 32
    /// Longest single name in bytes: what Linux allows.
    private static let maximumName = 255

    let names: [String]

    var text: String { names.joined(separator: "/") }

    /// Parses a path as an archive writes it; nil for the bundle's own folder (`.` or `./`).
    ///
    /// Empty names and `.` are dropped, so that `./a//b/` is `a/b`; `..` is refused even where it would stay inside.
    static func parse(_ raw: [UInt8]) throws(BundleError) -> BundlePath? {
        guard raw.count <= maximumLength else {
            throw BundleError(.refused, "the bundle holds a path of \(raw.count) bytes; \(maximumLength) are allowed")
        }
        guard let text = String(validating: raw, as: UTF8.self) else {
            let shown = Printable.text(String(decoding: raw, as: UTF8.self))
            throw BundleError(.refused, "the bundle holds a path that is not UTF-8: '\(shown)'")
        }
        let shown = Printable.text(text)
        guard !text.isEmpty, !text.utf8.contains(0) else {
            throw BundleError(.refused, "the bundle holds an empty path or one with a zero byte: '\(shown)'")
        }
        guard !text.utf8.starts(with: "/".utf8) else {
            throw BundleError(.refused, "the bundle holds an absolute path: '\(shown)'")
        }
        let names = split(text).filter { !$0.isEmpty && $0 != "." }
        guard !names.contains("..") else {
            throw BundleError(.refused, "the bundle holds a path with '..': '\(shown)'")
        }
        guard names.count <= maximumDepth, names.allSatisfy({ $0.utf8.count <= maximumName }) else {
            throw BundleError(
                .refused,
                "'\(shown)' is too deep or has too long a name; \(maximumDepth) names of \(maximumName) bytes are allowed"
            )
        }
        return names.isEmpty ? nil : BundlePath(names: names)
    }

    /// Refuses the target of a link at this path unless it stays within the bundle.
    ///
    /// A target is `..` zero or more times, then names. `..` after a name is refused: the name may be a link itself,
    /// and what lies above *its* target cannot be told from the text. With this rule every step of a resolution is
    /// within the bundle: nothing lies below a link, so the `..` climb real folders, no higher than the bundle's own.
    func checkLink(to raw: [UInt8]) throws(BundleError) {
        let shown = "'\(Printable.text(text))' to '\(Printable.text(String(decoding: raw, as: UTF8.self)))'"
        guard let target = String(validating: raw, as: UTF8.self), !target.isEmpty, raw.count <= Self.maximumLength,
            !target.utf8.contains(0)
        else { throw BundleError(.refused, "the bundle holds an unreadable link: \(shown)") }
        guard !target.utf8.starts(with: "/".utf8) else {
            throw BundleError(.refused, "the bundle holds an absolute link: \(shown)")
        }
        let parts = Self.split(target).filter { !$0.isEmpty && $0 != "." }
        let climbs = parts.prefix { $0 == ".." }.count
        guard climbs < names.count, !parts.dropFirst(climbs).contains("..") else {
            throw BundleError(.refused, "the bundle holds a link that may leave it: \(shown)")
        }
    }

    /// Splits at slash bytes; a slash with a combining mark behind it is one Character, and still a slash to the kernel.
    private static func split(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { String(Substring($0)) }
    }
}
