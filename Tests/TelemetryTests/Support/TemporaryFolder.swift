import Foundation

/// A folder of a test's own, removed when nobody refers to it any more.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        self.path = FileManager.default.temporaryDirectory.path + "/telemetry-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, making the folders on the way.
    ///
    /// In place, so that whoever has it open sees the new content.
    func write(_ text: String, to name: String) throws {
        let file = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)), as: UTF8.self)
    }

    /// Gives a file another name, in the place of whatever has it.
    func rename(_ name: String, to other: String) throws {
        // SAFETY: both paths are strings that end in 0 for the length of the call.
        guard unsafe Foundation.rename(path + "/" + name, path + "/" + other) == 0 else {
            throw CocoaError(.fileWriteUnknown)
        }
    }

    /// Sets when a file's content was changed last, in seconds since 1970-01-01T00:00:00Z.
    func setModified(_ name: String, seconds: Double) throws {
        let attributes: [FileAttributeKey: Any] = [.modificationDate: Date(timeIntervalSince1970: seconds)]
        try FileManager.default.setAttributes(attributes, ofItemAtPath: path + "/" + name)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }
}
