package import ArgumentParser
import Domain

/// `godwit knobs set`.
package struct KnobsSetCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Turn knobs; all that are named, or none.",
        discussion:
            "`godwit knobs` shows their names and bounds. For example: godwit knobs set keep-alive=2 exploration=0.02"
    )

    @Argument(help: ArgumentHelp("Name and value.", valueName: "name=value"), transform: Assignment.parse)
    package var knobs: [Assignment]
    @OptionGroup package var revision: RevisionOptions
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws { _ = try Assignment.values(knobs) }

    package func execute(_ context: CommandContext) async throws {
        let change = KnobList.Change(values: try Assignment.values(knobs))
        let answer = try await NodeClient.with(node, context) { client in
            try await client.revise(KnobList.self, onlyOn: revision.ifMatch, context) { current in
                // The node would refuse it too; here the hint costs no request.
                _ = try current.making(change)
                return try JSONText.bytes(change)
            }
        }
        if output.json { return answer.writeJSON(to: context.console) }
        KnobsText.table(answer.value.knobs.filter { change.values[$0.name] != nil }).forEach(context.console.line)
        context.console.note("The knobs are of revision \(answer.value.revision) now.")
    }
}
