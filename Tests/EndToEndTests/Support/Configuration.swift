import Foundation

/// Configuration files for nodes under test.
enum Configuration {
    /// Writes a file that every account can read.
    static func file(_ text: String) throws -> String {
        let path = NSTemporaryDirectory() + "godwit-\(UUID().uuidString).yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        return path
    }

    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
