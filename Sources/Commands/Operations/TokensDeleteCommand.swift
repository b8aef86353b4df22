package import ArgumentParser

/// `godwit tokens delete`.
package struct TokensDeleteCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(commandName: "delete", abstract: "Revoke a token.")

    @Argument(help: "Its id, as `godwit tokens list` shows it.") package var id: String
    @OptionGroup package var node: NodeOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        _ = try await NodeClient.with(node, context) {
            try await $0.require("DELETE", "/v1/tokens/\(URLText.escape(id))")
        }
        context.console.note("Revoked \(id).")
    }
}
