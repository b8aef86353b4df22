import Foundation

/// The programs under test, where every account can run them.
enum Programs {
    /// A copy of the programs in a folder that is open to all.
    static let folder: String = {
        let names = ["godwit", "godwit-spawner", "godwit-egress", "wan-relay", "working-function", "short-function"]
        let built = Bundle.main.executableURL?.deletingLastPathComponent().path ?? "."
        let source = [built, ".build/release"].first { FileManager.default.isExecutableFile(atPath: "\($0)/godwit") }
        let target = NSTemporaryDirectory() + "godwit-programs-\(getpid())"
        try? FileManager.default.removeItem(atPath: target)
        try? FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        for name in names {
            try? FileManager.default.copyItem(atPath: "\(source ?? ".")/\(name)", toPath: "\(target)/\(name)")
        }
        for path in [target] + names.map({ "\(target)/\($0)" }) {
            try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        atexit { Programs.remove() }
        return target
    }()

    static var godwit: String { folder + "/godwit" }
    /// The bundle's file of the Swift function that uses much of what functions use.
    static var workingFunction: String { folder + "/working-function" }
    static var shortFunction: String { folder + "/short-function" }
    static var relay: String { folder + "/wan-relay" }

    private static func remove() {
        try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "godwit-programs-\(getpid())")
    }
}
