package import ArgumentParser
import Domain

/// `godwit functions quarantined`.
package struct FunctionsQuarantinedCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "quarantined",
        abstract: "List versions that are no longer run, because the sandbox had to end them again and again."
    )

    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let answer = try await NodeClient.with(node, context) {
            try await $0.value(QuarantineList.self, "/v1/quarantine")
        }
        if output.json { return answer.writeJSON(to: context.console) }
        FunctionsReleaseCommand.tell(answer.value.missing, context)
        if answer.value.versions.isEmpty { return context.console.note("Nothing is in quarantine.") }
        var table = Table("FUNCTION", "NODE", "SINCE", "LAST VIOLATION")
        for held in answer.value.versions {
            table.add(
                "\(held.function):\(held.version)",
                held.node.text,
                Human.distance(to: held.since, from: context.now()),
                held.reason
            )
        }
        table.lines.forEach(context.console.line)
        context.console.note("`godwit functions release NAME` lets them run again.")
    }
}
