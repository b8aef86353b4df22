/// The rule that names of functions, aliases, nodes, tiers and sites share.
///
/// A label is 1 to 63 lower-case ASCII letters, digits and hyphens, and starts and ends with a letter or digit: what
/// fits in a URL path, a file name, a DNS label and a metric label without quoting. Upper case, dots, slashes and
/// Unicode look-alikes are refused rather than folded, so that two names are equal exactly when they look equal.
package enum Label {
    /// Longest label, in characters.
    package static let maximumLength = 63

    /// Checks `raw`; `kind` names what it should be, for the error.
    package static func check(_ raw: String, kind: String) throws(Invalid) {
        let bytes = raw.utf8
        guard (1...maximumLength).contains(bytes.count) else {
            throw Invalid(kind, "has \(bytes.count) bytes; a name has 1 to \(maximumLength)")
        }
        guard bytes.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "-") }) else {
            throw Invalid(kind, "'\(Printable.text(raw))' may hold only a-z, 0-9 and '-'")
        }
        guard let first = bytes.first, let last = bytes.last, isAlphanumeric(first), isAlphanumeric(last) else {
            throw Invalid(kind, "'\(raw)' must start and end with a letter or a digit")
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
