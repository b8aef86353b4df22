package import ArgumentParser
import Domain

/// `godwit weights history`.
package struct WeightsHistoryCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List the revisions of the weights, newest first.",
        discussion: "The weights shown are those for everything. `godwit weights rollback REVISION` brings one back."
    )

    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let answer = try await NodeClient.with(node, context) {
            try await $0.value(WeightHistory.self, "\(WeightRevision.path)/history")
        }
        if output.json { return answer.writeJSON(to: context.console) }
        WeightsText.history(answer.value.revisions, now: context.now()).forEach(context.console.line)
    }
}
