/// Writes text for people's eyes such that no content can fake a line or drive a terminal.
enum PlainText {
    /// The text with everything hidden and the backslash escaped.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.isHidden || $0 == "\\" }) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            case _ where scalar.isHidden: escaped += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// The text as a metadata value: in quotes when it is empty or has spaces, quotes or `=`.
    static func value(_ text: String) -> String {
        let escaped = escaped(text)
        guard escaped.isEmpty || escaped.contains(where: { " \"=".contains($0) }) else { return escaped }
        var quoted = "\""
        for character in escaped { quoted += character == "\"" ? "\\\"" : String(character) }
        return quoted + "\""
    }

    /// The text filled with spaces to a width; longer text stays as it is.
    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
