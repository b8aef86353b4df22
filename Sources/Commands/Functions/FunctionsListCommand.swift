package import ArgumentParser
import Domain

/// `godwit functions list`.
package struct FunctionsListCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List all functions with their newest version."
    )

    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let answer = try await NodeClient.with(node, context) { try await $0.value(FunctionList.self, "/v1/functions") }
        if output.json { return answer.writeJSON(to: context.console) }
        let functions = answer.value.functions
        if functions.isEmpty {
            return context.console.note("No functions yet: `godwit new` begins one, `godwit deploy` publishes it.")
        }
        var table = Table("NAME", ">VERSION", "RUNTIME", "ALIASES", ">SIZE", "PUBLISHED")
        for function in functions {
            guard let latest = function.latest else { continue }
            table.add(
                function.name.text,
                latest.number.description,
                latest.spec.runtime.rawValue,
                function.aliases.map(AliasText.of).joined(separator: " "),
                Human.bytes(latest.bundleSize),
                Human.distance(to: latest.published, from: context.now())
            )
        }
        table.lines.forEach(context.console.line)
    }
}
