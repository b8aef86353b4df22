/// A value that is written as one string in JSON, and parsed back through its own checks.
package protocol TextCodable: Codable {
    /// The value as text; parsing it gives an equal value.
    var text: String { get }
    /// Parses the text.
    init(_ raw: String) throws(Invalid)
}

extension TextCodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let raw = try container.decode(String.self)
        do {
            try self.init(raw)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
