package import ArgumentParser
package import Domain

/// `godwit executions show`.
package struct ExecutionsShowCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one execution."
    )

    @Argument(help: "The execution.", transform: Parse.text) package var id: ExecutionID
    @Flag(help: "Wait until it is over.") package var wait = false
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let answer = try await NodeClient.with(node, context) { client in
            wait
                ? try await Waiting.untilFinal(id, on: client)
                : try await client.value(ExecutionRecord.self, "/v1/executions/\(id)")
        }
        if output.json { return answer.writeJSON(to: context.console) }
        ExecutionText.lines(answer.value).forEach(context.console.line)
        if !answer.value.logs.isEmpty {
            context.console.line("")
            for entry in answer.value.logs { context.console.line(LogText.of(entry)) }
        }
    }
}
