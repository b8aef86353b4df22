import Foundation

/// The emulated wire of the tests: a relay that can be cut without anyone being told.
final class WanRelay: Sendable {
    let port: Int
    /// Where it passes everything on to.
    let target: Int
    private let process: Process
    private let switchFile: String
    /// What it has said: a line whenever it was cut or mended.
    private let output: String

    private init(process: Process, port: Int, target: Int, switchFile: String, output: String) {
        self.process = process
        self.port = port
        self.target = target
        self.switchFile = switchFile
        self.output = output
    }

    static func start() async throws -> WanRelay {
        let (port, target) = (try FreePort.find(), try FreePort.find())
        let switchFile = NSTemporaryDirectory() + "godwit-cut-\(UUID().uuidString)"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Programs.relay)
        process.arguments = [
            "--listen", "127.0.0.1:\(port)", "--to", "127.0.0.1:\(target)", "--delay", "2ms", "--drop-file", switchFile,
        ]
        let output = switchFile + "-output"
        try Data().write(to: URL(fileURLWithPath: output))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = FileHandle.nullDevice
        try process.run()
        return WanRelay(process: process, port: port, target: target, switchFile: switchFile, output: output)
    }

    /// From now on everything is swallowed: returns when it is so.
    func cut() async throws {
        _ = FileManager.default.createFile(atPath: switchFile, contents: nil)
        try await said("cut")
    }

    /// From now on everything passes again: returns when it is so.
    func mend() async throws {
        try FileManager.default.removeItem(atPath: switchFile)
        try await said("mended")
    }

    private func said(_ word: String) async throws {
        for _ in 0..<1000 {
            let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
            if lines.last ?? "" == word { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw RelaySaysNothing(word: word)
    }

    func stop() {
        try? FileManager.default.removeItem(atPath: switchFile)
        try? FileManager.default.removeItem(atPath: output)
        process.terminate()
        process.waitUntilExit()
    }

    private struct RelaySaysNothing: Error, CustomStringConvertible {
        let word: String
        var description: String { "the relay did not say \"\(word)\" within 10 s" }
    }
}
