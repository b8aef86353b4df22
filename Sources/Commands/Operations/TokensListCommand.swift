package import ArgumentParser
import Domain

/// `godwit tokens list`.
package struct TokensListCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List tokens, never the tokens themselves."
    )

    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let answer = try await NodeClient.with(node, context) { try await $0.value(TokenList.self, "/v1/tokens") }
        if output.json { return answer.writeJSON(to: context.console) }
        var table = Table("ID", "SCOPES", "FUNCTIONS", "CREATED", "EXPIRES", "NOTE")
        for token in answer.value.tokens {
            table.add(
                token.id,
                token.scopes.map(\.rawValue).sorted().joined(separator: ","),
                token.functions.map { $0.map(\.text).sorted().joined(separator: ",") } ?? "all",
                Human.distance(to: token.created, from: context.now()),
                token.expires.map { Human.distance(to: $0, from: context.now()) } ?? "never",
                token.note
            )
        }
        table.lines.forEach(context.console.line)
    }
}
