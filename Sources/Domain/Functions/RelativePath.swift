/// The rule for paths within a bundle.
package enum RelativePath {
    /// Refuses paths that are empty, absolute, too long, or could leave the bundle.
    package static func check(_ raw: String, field: String) throws(Invalid) {
        let shown = Printable.text(raw)
        guard !raw.isEmpty, raw.utf8.count <= 1024, !raw.utf8.contains(0) else {
            throw Invalid(field, "'\(shown)' is no path of 1 to 1024 bytes")
        }
        guard !raw.hasPrefix("/") else { throw Invalid(field, "'\(shown)' is absolute; paths start at the bundle") }
        let parts = raw.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: { $0 == ".." }) else { throw Invalid(field, "'\(shown)' may not hold '..'") }
    }
}
