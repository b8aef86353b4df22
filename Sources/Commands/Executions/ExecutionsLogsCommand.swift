package import ArgumentParser
package import Domain

/// `godwit executions logs`.
package struct ExecutionsLogsCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show what one execution wrote."
    )

    @Argument(help: "The execution.", transform: Parse.text) package var id: ExecutionID
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let answer = try await NodeClient.with(node, context) {
            try await $0.value(LogList.self, "/v1/executions/\(id)/logs")
        }
        if output.json { return answer.writeJSON(to: context.console) }
        for entry in answer.value.logs { context.console.line(LogText.of(entry)) }
    }
}
