package import ArgumentParser
import AsyncHTTPClient
package import Domain
import NIOCore

/// `godwit logs`.
package struct LogsCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show what a function wrote, and follow what it writes."
    )

    @Argument(help: "The function.", transform: Parse.text) package var function: FunctionName
    @Flag(name: .shortAndLong, help: "Stay and show new lines as they are written.") package var follow = false
    @Option(name: [.customShort("n"), .long], help: "Most lines of the past to show.") package var lines = 100
    @Option(help: "Only what one execution wrote.", transform: Parse.text) package var execution: ExecutionID?
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        guard lines >= 0 else { throw ValidationError("--lines is 0 or more") }
    }

    package func execute(_ context: CommandContext) async throws {
        var path = "/v1/functions/\(function)/logs?limit=\(lines)"
        if let execution { path += "&execution=\(execution)" }
        if follow { path += "&follow=true" }
        let request = path
        try await NodeClient.with(node, context) { client in
            // The time limit of the request would end a stream that is followed; ten years do not.
            let timeout: TimeSpan = follow ? .hours(87_600) : .minutes(5)
            let answer = try await client.require("GET", request, timeout: timeout)
            var splitter = LineSplitter()
            do {
                for try await chunk in answer.chunks {
                    for line in splitter.take(Array(chunk.readableBytesView)) { show(line, context) }
                }
            } catch {
                throw CommandFailure(.unreachable, "the connection to the node broke: \(error)")
            }
            if let line = splitter.finish() { show(line, context) }
        }
    }

    private func show(_ line: [UInt8], _ context: CommandContext) {
        if !output.json, let entry = try? JSONText.value(LogEntry.self, from: line) {
            context.console.line(LogText.of(entry))
        } else {
            context.console.line(String(decoding: line, as: UTF8.self))
        }
    }
}
