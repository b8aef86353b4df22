package import ArgumentParser
import Domain

/// `godwit nodes list`.
package struct NodesListCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the nodes and how they are.",
        discussion:
            "RTT and PLACED are as the asked node sees them: its way to the others, and the calls it sent there."
    )

    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let answer = try await NodeClient.with(node, context) { try await $0.value(NodeList.self, "/v1/nodes") }
        if output.json { return answer.writeJSON(to: context.console) }
        NodesText.table(answer.value.nodes, now: context.now()).forEach(context.console.line)
    }
}
