package import ArgumentParser
package import Domain

/// `godwit nodes remove`.
package struct NodesRemoveCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take a node out of the continuum for good.",
        discussion: """
            The others no longer trust its certificate; it comes back only by a new `godwit invite`. Drain it first, so \
            that no call is lost: godwit nodes drain NAME
            """
    )

    @Argument(help: "The node.", transform: Parse.text) package var name: NodeName
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        _ = try await NodeClient.with(node, context) { try await $0.require("DELETE", "/v1/nodes/\(name)").bytes() }
        if output.json { return context.console.line(try JSONText.of(["name": name.text, "state": "removed"])) }
        context.console.note("Removed \(name).")
    }
}
