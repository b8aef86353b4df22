import ArgumentParser
import Commands
import Domain
import Foundation

/// What a command did.
struct Performance {
    let code: Int32
    let output: String
    let errors: String
}

/// Runs a command as the shell would, but within the test.
func perform<Command: GodwitCommand>(
    _ type: Command.Type,
    _ arguments: String...,
    environment: [String: String] = ["HOME": "/nonexistent"],
    asTerminal: Bool = false,
    input: String = ""
) async throws -> Performance {
    let console = Console(inMemoryAsTerminal: asTerminal)
    let context = CommandContext(
        console: console,
        environment: environment,
        isRoot: false,
        input: { Array(input.utf8) },
        now: { Timestamp(microseconds: 1_769_860_800_000_000) }
    )
    let code = try await type.parse(arguments).finish(context)
    return Performance(code: code, output: console.record.text, errors: console.record.errors)
}

/// A folder for one test, removed at the end.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = "\(NSTemporaryDirectory())/godwit-test-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String, executable: Bool = false) throws {
        let file = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            at: URL(filePath: file).deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: URL(filePath: file))
        if executable {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        }
    }
}
