package import ArgumentParser
package import Domain

/// `godwit nodes show`.
package struct NodesShowCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show all that is known of one node."
    )

    @Argument(help: "The node.", transform: Parse.text) package var name: NodeName
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let answer = try await NodeClient.with(node, context) {
            try await $0.value(NodeStatus.self, "/v1/nodes/\(name)")
        }
        if output.json { return answer.writeJSON(to: context.console) }
        NodesText.facts(answer.value, now: context.now()).forEach(context.console.line)
        let sandbox = NodesText.sandbox(answer.value.sandbox)
        if !sandbox.isEmpty { context.console.line("") }
        sandbox.forEach(context.console.line)
    }
}
