package import ArgumentParser
import Domain

/// `godwit weights rollback`.
package struct WeightsRollbackCommand: GodwitCommand {
    /// The body of `POST /v1/weights/rollback`.
    private struct Change: Encodable {
        let revision: Int
        let note: String
    }

    package static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Make the weights of an earlier revision those of a new one.",
        discussion: "`godwit weights history` shows the revisions. Nothing is lost: a rollback can be rolled back."
    )

    @Argument(help: ArgumentHelp("The revision to bring back.", valueName: "revision")) package var target: Int
    @Option(help: "Why, for the history.") package var note = ""
    @OptionGroup package var revision: RevisionOptions
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        guard target > 0 else { throw ValidationError("revisions are numbered from 1") }
    }

    package func execute(_ context: CommandContext) async throws {
        let body = try JSONText.bytes(Change(revision: target, note: note))
        let answer = try await NodeClient.with(node, context) { client in
            try await client.revise(
                WeightRevision.self,
                by: "POST",
                at: "\(WeightRevision.path)/rollback",
                onlyOn: revision.ifMatch,
                context
            ) { current in
                guard current.revision != target else {
                    throw CommandFailure(
                        "revision \(target) is the one that holds; `godwit weights history` shows others"
                    )
                }
                return body
            }
        }
        if output.json { return answer.writeJSON(to: context.console) }
        WeightsText.table(answer.value.table).forEach(context.console.line)
        context.console.note("The weights are of revision \(answer.value.revision) now, as they were in \(target).")
    }
}
