package import ArgumentParser
package import Domain

/// `godwit explain`.
package struct ExplainCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show why a call ran where it ran.",
        discussion: """
            Candidates with what was predicted for each; what the score of the chosen one is made of, next to the \
            runner-up; who could not take the call, and why; what would have changed the choice; and how it went. Least \
            score is best. The id is in the header X-Call-Id of every answer, and in `godwit executions`.
            """
    )

    @Argument(help: "The execution.", transform: Parse.text) package var id: ExecutionID
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let answer = try await NodeClient.with(node, context) {
            try await $0.value(DecisionReport.self, "/v1/executions/\(id)/decision")
        }
        if output.json { return answer.writeJSON(to: context.console) }
        ExplainText(answer.value).lines.forEach(context.console.line)
    }
}
