import Foundation

/// An empty folder of its own for a test, deleted with it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        self.path = FileManager.default.temporaryDirectory.appendingPathComponent("fabric-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

    /// The permission bits of a file in the folder, or of the folder itself.
    func mode(_ name: String = "") throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: name.isEmpty ? path : file(name))
        return attributes[.posixPermissions] as? Int ?? -1
    }

    func setMode(_ mode: Int, of name: String = "") throws {
        let attributes = [FileAttributeKey.posixPermissions: mode]
        try FileManager.default.setAttributes(attributes, ofItemAtPath: name.isEmpty ? path : file(name))
    }

    func content(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: file(name))) }

    func write(_ content: Data, to name: String) throws { try content.write(to: URL(fileURLWithPath: file(name))) }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: file(name)) }

    /// A copy of the folder as it is at this moment: what a disk holds after a cut of power.
    func snapshot() throws -> TemporaryFolder {
        let copy = try TemporaryFolder()
        // The shared-memory file is no part of what is durable.
        for name in try names() where !name.hasSuffix("-shm") {
            try FileManager.default.copyItem(atPath: file(name), toPath: copy.file(name))
        }
        return copy
    }
}
