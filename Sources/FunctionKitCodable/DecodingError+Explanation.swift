extension DecodingError {
    /// One sentence for the caller: where, and what is wrong there.
    var explanation: String {
        switch self {
        case .keyNotFound(let key, let context):
            "\(Self.place(context.codingPath + [key])) is missing"
        case .valueNotFound(let type, let context):
            "\(Self.place(context.codingPath)) is null; \(type) is expected"
        case .typeMismatch(let type, let context):
            "\(Self.place(context.codingPath)) is not of type \(type)"
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            "the body is not valid JSON"
        case .dataCorrupted(let context):
            "\(Self.place(context.codingPath)) is not valid: \(context.debugDescription)"
        @unknown default:
            "the body does not decode"
        }
    }

    /// A path like `readings[3].value`.
    private static func place(_ path: [any CodingKey]) -> String {
        let text = path.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return text.isEmpty ? "the body" : "'\(text)'"
    }
}
