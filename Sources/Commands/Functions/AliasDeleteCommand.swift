package import ArgumentParser
package import Domain

/// `godwit alias delete`.
package struct AliasDeleteCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete an alias.")

    @Argument(help: "The function.", transform: Parse.text) package var function: FunctionName
    @Argument(help: "The alias.", transform: Parse.text) package var alias: AliasName
    @OptionGroup package var node: NodeOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        _ = try await NodeClient.with(node, context) {
            try await $0.require("DELETE", "/v1/functions/\(function)/aliases/\(alias)")
        }
        context.console.note("Deleted \(function):\(alias).")
    }
}
