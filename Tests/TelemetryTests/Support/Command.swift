import Foundation

/// Runs a program to its end.
enum Command {
    struct Result: Sendable {
        let status: Int32
        let output: String
    }

    static func isInstalled(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// Its status, and what it wrote to standard output and standard error.
    static func run(_ path: String, _ arguments: [String], input: String) throws -> Result {
        let folder = try TemporaryFolder()
        try folder.write(input, to: "input")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: folder.path + "/input"))
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Result(status: process.terminationStatus, output: String(decoding: bytes, as: UTF8.self))
    }
}
