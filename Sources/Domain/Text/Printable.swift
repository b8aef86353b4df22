/// Makes text from outside safe to show in an error, a log line or a terminal.
package enum Printable {
    /// `raw` with control characters and everything beyond ASCII escaped, cut to `limit` characters.
    package static func text(_ raw: String, limit: Int = 80) -> String {
        var shown = ""
        for scalar in raw.unicodeScalars.prefix(limit) {
            if (0x20..<0x7f).contains(scalar.value) {
                shown.unicodeScalars.append(scalar)
            } else {
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return raw.unicodeScalars.count > limit ? shown + "…" : shown
    }
}
