/// The escaping of URLs.
package enum URLText {
    /// One part of a path or query: everything but letters, digits and `-._~` is escaped.
    package static func escape(_ text: String) -> String { escape(text, keeping: "") }

    /// A path that may be escaped already: what cannot stand in a URL is escaped, `%` stays.
    package static func path(_ text: String) -> String { escape(text, keeping: "/%:@!$&'()*+,;=") }

    /// A query that may be escaped already.
    package static func query(_ text: String) -> String { escape(text, keeping: "/%:@!$&'()*+,;=?") }

    private static func escape(_ text: String, keeping kept: String) -> String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~\(kept)".utf8)
        var escaped = ""
        for byte in text.utf8 {
            if plain.contains(byte) {
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                escaped += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return escaped
    }
}
