/// The rule for names of environment variables that a function may set.
package enum EnvironmentName {
    /// Variables that the node or the loader owns; setting them from outside would change how the instance starts.
    private static let reservedPrefixes = ["GODWIT_", "LD_", "SWIFT_", "PYTHON"]
    private static let reserved: Set<String> = ["PATH", "HOME", "TMPDIR", "IFS", "GLIBC_TUNABLES", "MALLOC_TRACE"]

    /// Checks a name; `kind` names what it is for, for the error.
    package static func check(_ raw: String, kind: String) throws(Invalid) {
        let bytes = raw.utf8
        let isWord = bytes.allSatisfy {
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
        }
        let beginsWithDigit = bytes.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? true
        guard isWord, !beginsWithDigit, bytes.count <= 128 else {
            throw Invalid(
                kind,
                "'\(Printable.text(raw))' is no variable name: up to 128 letters, digits and '_', no digit first"
            )
        }
        guard !reserved.contains(raw), !reservedPrefixes.contains(where: raw.hasPrefix) else {
            throw Invalid(kind, "'\(raw)' is set by the node; choose another name")
        }
    }
}
