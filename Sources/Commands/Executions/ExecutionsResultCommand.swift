package import ArgumentParser
package import Domain

/// `godwit executions result`.
package struct ExecutionsResultCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "result",
        abstract: "Fetch what an execution answered."
    )

    @Argument(help: "The execution.", transform: Parse.text) package var id: ExecutionID
    @Flag(help: "Wait until it is over.") package var wait = false
    @Flag(name: .shortAndLong, help: "Show the status and headers too.") package var include = false
    @OptionGroup package var node: NodeOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        try await NodeClient.with(node, context) { client in
            if wait { _ = try await Waiting.untilFinal(id, on: client) }
            let answer = try await client.send("GET", "/v1/executions/\(id)/result", timeout: .minutes(5))
            try await AnswerOutput.write(answer, includingHead: include, to: context.console)
        }
    }
}
