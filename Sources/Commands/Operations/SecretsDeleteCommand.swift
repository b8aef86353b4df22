package import ArgumentParser
package import Domain

/// `godwit secrets delete`.
package struct SecretsDeleteCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete a secret.")

    @Argument(help: "Its name.", transform: Parse.text) package var name: SecretName
    @OptionGroup package var node: NodeOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        _ = try await NodeClient.with(node, context) { try await $0.require("DELETE", "/v1/secrets/\(name)") }
        context.console.note("Deleted \(name).")
    }
}
