import Foundation

/// The emulated wire of the tests: a relay that can be cut without anyone being told.
final class WanRelay: Sendable {
    let port: Int
    /// Where it passes everything on to.
    let target: Int
    private let process: Process
    private let switchFile: String

    private init(process: Process, port: Int, target: Int, switchFile: String) {
        self.process = process
        self.port = port
        self.target = target
        self.switchFile = switchFile
    }

    static func start() async throws -> WanRelay {
        let (port, target) = (try FreePort.find(), try FreePort.find())
        let switchFile = NSTemporaryDirectory() + "godwit-cut-\(UUID().uuidString)"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Programs.relay)
        process.arguments = [
            "--listen", "127.0.0.1:\(port)", "--to", "127.0.0.1:\(target)", "--delay", "2ms", "--drop-file", switchFile,
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return WanRelay(process: process, port: port, target: target, switchFile: switchFile)
    }

    /// From now on everything is swallowed.
    func cut() { _ = FileManager.default.createFile(atPath: switchFile, contents: nil) }

    /// From now on everything passes again.
    func mend() { try? FileManager.default.removeItem(atPath: switchFile) }

    func stop() {
        mend()
        process.terminate()
        process.waitUntilExit()
    }
}
