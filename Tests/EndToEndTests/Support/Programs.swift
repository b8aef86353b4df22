import Foundation

/// The programs under test, where every account can run them.
enum Programs {
    /// A copy of `godwit` and `godwit-spawner` in a folder that is open to all.
    static let folder: String = {
        let built = Bundle.main.executableURL?.deletingLastPathComponent().path ?? "."
        let source = [built, ".build/release"].first { FileManager.default.isExecutableFile(atPath: "\($0)/godwit") }
        let target = NSTemporaryDirectory() + "godwit-programs-\(getpid())"
        try? FileManager.default.removeItem(atPath: target)
        try? FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        for name in ["godwit", "godwit-spawner", "godwit-egress", "wan-relay"] {
            try? FileManager.default.copyItem(atPath: "\(source ?? ".")/\(name)", toPath: "\(target)/\(name)")
        }
        for path in [
            target, "\(target)/godwit", "\(target)/godwit-spawner", "\(target)/godwit-egress", "\(target)/wan-relay",
        ] {
            try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        atexit { Programs.remove() }
        return target
    }()

    static var godwit: String { folder + "/godwit" }
    static var relay: String { folder + "/wan-relay" }

    private static func remove() {
        try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "godwit-programs-\(getpid())")
    }
}
