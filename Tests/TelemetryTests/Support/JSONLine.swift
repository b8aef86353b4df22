import Foundation
import Testing

/// Reads a line of JSON by an implementation that is not ours.
enum JSONLine {
    /// The members of an object that are strings; throws when the line is no object.
    static func strings(_ line: String) throws -> [String: String] {
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return try #require(object).compactMapValues { $0 as? String }
    }

    /// The object again, in a canonical form.
    static func canonical(_ line: String) throws -> String {
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
        let data = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }
}
