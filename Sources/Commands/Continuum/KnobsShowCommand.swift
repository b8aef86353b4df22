package import ArgumentParser
import Domain

/// `godwit knobs show`.
package struct KnobsShowCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show all knobs with their values and bounds."
    )

    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let answer = try await NodeClient.with(node, context) { try await $0.value(KnobList.self, KnobList.path) }
        if output.json { return answer.writeJSON(to: context.console) }
        if answer.value.knobs.isEmpty { return context.console.note("This node has no knobs.") }
        KnobsText.table(answer.value.knobs).forEach(context.console.line)
    }
}
