package import ArgumentParser
package import Domain

/// `godwit functions delete`.
package struct FunctionsDeleteCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a function with all its versions, or one version.",
        discussion: "What an alias points to is not deleted; delete the alias first."
    )

    @Argument(help: "The function, or name:version for one version.", transform: Parse.text)
    package var function: FunctionReference
    @OptionGroup package var node: NodeOptions

    package init() {}

    package func validate() throws {
        if case .alias = function.qualifier {
            throw ValidationError("name a version; `godwit alias delete` is for aliases")
        }
    }

    package func execute(_ context: CommandContext) async throws {
        let version = if case .version(let number) = function.qualifier { "/versions/\(number)" } else { "" }
        _ = try await NodeClient.with(node, context) {
            try await $0.require("DELETE", "/v1/functions/\(function.name)\(version)")
        }
        context.console.note("Deleted \(function).")
    }
}
