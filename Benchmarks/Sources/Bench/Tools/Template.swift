/// Texts with holes: `{{name}}`.
enum Template {
    static func fill(_ text: String, _ values: [String: String]) -> String {
        var result = ""
        var rest = text[...]
        while let hole = rest.firstIndex(of: "{") {
            result += rest[..<hole]
            rest = rest[hole...]
            let known = values.first { rest.hasPrefix("{{\($0.key)}}") }
            result += known?.value ?? "{"
            rest = rest.dropFirst(known.map { $0.key.count + 4 } ?? 1)
        }
        return result + rest
    }
}
