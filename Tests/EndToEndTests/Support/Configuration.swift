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

    /// A node whose speed is known as from `godwit init` and, like its power, emulated, so that the load of this machine,
    /// which all nodes share, is not taken for that of one of them.
    static func emulated(watts: Double, slowdown: Double, class name: String) throws -> String {
        let speed = 1000 / slowdown
        return try file(
            """
            energy: {idleWatts: 1, maxWatts: \(1 + watts)}
            emulate: {slowdown: \(slowdown)}
            node:
              class: \(name)
              cores: 4
              speed: {integer: \(speed), floating: \(speed), memory: \(speed), hashing: \(speed)}
            """
        )
    }

    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
