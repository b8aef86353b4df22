import Bundles
import Foundation

/// A folder for one test with a staging area in it; removed at the end.
final class Workspace: Sendable {
    let path: String
    var area: String { "\(path)/area" }
    var archive: String { "\(path)/archive" }

    init() throws {
        path = "\(NSTemporaryDirectory())/bundle-test-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: "\(path)/area", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: "\(path)/source", withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ bytes: [UInt8], to file: String) throws { try Data(bytes).write(to: URL(filePath: file)) }

    /// Adds a file to `source`.
    func add(_ name: String, _ text: String, executable: Bool = false) throws {
        let file = "\(path)/source/\(name)"
        let folder = URL(filePath: file).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write(Array(text.utf8), to: file)
        if executable {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        }
    }

    func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    /// Everything below a folder, as paths relative to it.
    func tree(_ folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
    }

    /// Unpacks bytes; gives the error, after checking that nothing was left anywhere.
    func refusal(_ bytes: [UInt8], limits: BundleLimits = .init()) throws -> BundleError? {
        try write(bytes, to: archive)
        do {
            let staged = try BundleUnpacker(limits: limits).unpack(archive, stagingIn: area)
            _ = consume staged
            return nil
        } catch {
            return error
        }
    }
}
