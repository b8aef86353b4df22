/// Makes any text a name that Prometheus accepts, so that a name which comes from a function can do no harm.
package enum MetricName {
    /// A metric name: letters, digits, `_` and `:`, no digit first, at most 200 bytes.
    package static func metric(_ text: String) -> String { legal(text, allowsColon: true) }

    /// A label name: letters, digits and `_`, no digit first, not reserved (`le`, `quantile`, a leading `__`).
    package static func label(_ text: String) -> String {
        let name = legal(text, allowsColon: false)
        return name == "le" || name == "quantile" || name.hasPrefix("__") ? "label_" + name : name
    }

    private static func legal(_ text: String, allowsColon: Bool) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8.prefix(200) {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                bytes.append(byte)
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if bytes.isEmpty { bytes.append(UInt8(ascii: "_")) }
                bytes.append(byte)
            case UInt8(ascii: ":") where allowsColon:
                bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "_"))
            }
        }
        return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
    }
}
