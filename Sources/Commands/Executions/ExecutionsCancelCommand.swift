package import ArgumentParser
package import Domain

/// `godwit executions cancel`.
package struct ExecutionsCancelCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel an execution that is not over, or drop a dead one."
    )

    @Argument(help: "The execution.", transform: Parse.text) package var id: ExecutionID
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let answer = try await NodeClient.with(node, context) {
            try await $0.value(ExecutionRecord.self, "/v1/executions/\(id)", by: "DELETE")
        }
        if output.json { return answer.writeJSON(to: context.console) }
        context.console.line("\(id) \(answer.value.state.rawValue)")
    }
}
