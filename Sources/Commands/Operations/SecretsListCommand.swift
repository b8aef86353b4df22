package import ArgumentParser
import Domain

/// `godwit secrets list`.
package struct SecretsListCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the names of secrets."
    )

    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let answer = try await NodeClient.with(node, context) { try await $0.value(SecretList.self, "/v1/secrets") }
        if output.json { return answer.writeJSON(to: context.console) }
        if answer.value.secrets.isEmpty { return context.console.note("No secrets yet: `godwit secrets set NAME`.") }
        var table = Table("NAME", "TIERS", "CHANGED")
        for secret in answer.value.secrets {
            let tiers = secret.tiers?.map(\.text).joined(separator: ",") ?? "–"
            table.add(secret.name.text, tiers, Human.distance(to: secret.changed, from: context.now()))
        }
        table.lines.forEach(context.console.line)
    }
}
