package import ArgumentParser
import Domain

/// `godwit weights show`.
package struct WeightsShowCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the weights, and who changed them when."
    )

    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let answer = try await NodeClient.with(node, context) {
            try await $0.value(WeightRevision.self, WeightRevision.path)
        }
        if output.json { return answer.writeJSON(to: context.console) }
        WeightsText.facts(answer.value, now: context.now()).forEach(context.console.line)
        context.console.line("")
        WeightsText.table(answer.value.table).forEach(context.console.line)
    }
}
