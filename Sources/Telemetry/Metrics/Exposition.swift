/// Text in the Prometheus exposition format 0.0.4.
package struct Exposition: Sendable {
    /// The media type of the text, for `Content-Type`.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private var bytes: [UInt8] = []

    /// Makes an empty text.
    package init() {}

    /// What was written so far.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Appends the two lines that stand before the samples of a metric.
    package mutating func header(_ name: String, kind: MetricKind, help: String) {
        let help = Self.escaped(help, quotes: false)
        bytes.append(contentsOf: "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n".utf8)
    }

    /// Appends a sample; `labels` is escaped already, `value` a number as text.
    package mutating func sample(_ name: String, labels: String, value: String) {
        start(name, labels, nil)
        bytes.append(contentsOf: value.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Appends a sample whose value is a whole number of units of 10^-decimals, perhaps with a further label.
    package mutating func sample(
        _ name: String,
        labels: String,
        and label: String? = nil,
        value: UInt64,
        decimals: Int = 0
    ) {
        start(name, labels, label)
        DecimalText.append(value, decimals: decimals, to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func start(_ name: String, _ labels: String, _ label: String?) {
        bytes.append(contentsOf: name.utf8)
        if !labels.isEmpty || label != nil {
            bytes.append(UInt8(ascii: "{"))
            bytes.append(contentsOf: labels.utf8)
            if let label {
                if !labels.isEmpty { bytes.append(UInt8(ascii: ",")) }
                bytes.append(contentsOf: label.utf8)
            }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: " "))
    }

    /// Escapes the backslash, the line feed and, in label values, the double quote.
    static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
