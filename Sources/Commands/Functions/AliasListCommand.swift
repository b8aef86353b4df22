package import ArgumentParser
package import Domain

/// `godwit alias list`.
package struct AliasListCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the aliases of a function."
    )

    @Argument(help: "The function.", transform: Parse.text) package var function: FunctionName
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let aliases = try await NodeClient.with(node, context) {
            try await $0.value(PublishedFunction.self, "/v1/functions/\(function)").value.aliases
        }
        if output.json { return context.console.line(try JSONText.of(aliases)) }
        if aliases.isEmpty { return context.console.note("\(function) has no aliases.") }
        var table = Table("ALIAS", "VERSION")
        for alias in aliases { table.add(alias.name.text, AliasText.target(alias)) }
        table.lines.forEach(context.console.line)
    }
}
