package import ArgumentParser
import Domain

/// `godwit weights unset`.
package struct WeightsUnsetCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "unset",
        abstract: "Remove the weights of a tier or a function; those above it hold then."
    )

    @OptionGroup package var scope: WeightsScope
    @Option(help: "Why, for the history.") package var note = ""
    @OptionGroup package var revision: RevisionOptions
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        guard !scope.isGlobal else {
            throw ValidationError(
                "say whose with --function or --tier; `godwit weights set` changes those for everything"
            )
        }
    }

    package func execute(_ context: CommandContext) async throws {
        let answer = try await NodeClient.with(node, context) { client in
            try await client.revise(WeightRevision.self, onlyOn: revision.ifMatch, context) { current in
                guard scope.isSet(in: current.table) else {
                    throw CommandFailure(
                        "there are no weights for \(scope.text); `godwit weights` shows those there are"
                    )
                }
                var table = current.table
                scope.set(nil, in: &table)
                return try JSONText.bytes(WeightsChange(table: table, note: note))
            }
        }
        if output.json { return answer.writeJSON(to: context.console) }
        WeightsText.table(answer.value.table).forEach(context.console.line)
        context.console.note("The weights are of revision \(answer.value.revision) now.")
    }
}
