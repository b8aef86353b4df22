package import ArgumentParser
package import Domain

/// `godwit alias set`.
package struct AliasSetCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Make or move an alias."
    )

    @Argument(help: "The function.", transform: Parse.text) package var function: FunctionName
    @Argument(help: "The alias.", transform: Parse.text) package var alias: AliasName
    @Argument(help: "The version it points to.", transform: Parse.version) package var version: VersionNumber
    @Option(
        help: ArgumentHelp(
            "Give a second version a share of the calls, for example 4=0.1.",
            valueName: "version=share"
        ),
        transform: AliasSetCommand.split
    )
    package var split: Alias.Split?
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    @Sendable
    private static func split(_ raw: String) throws -> Alias.Split {
        let parts = raw.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let share = Double(parts[1]) else {
            throw ValidationError("write version=share, for example 4=0.1")
        }
        do {
            return try Alias.Split(version: Parse.version(String(parts[0])), share: share)
        } catch let error as Invalid {
            throw ValidationError(error.reason)
        }
    }

    package func execute(_ context: CommandContext) async throws {
        let target = try JSONText.bytes(AliasTarget(version: version, split: split))
        let answer = try await NodeClient.with(node, context) {
            try await $0.value(
                Alias.self,
                "/v1/functions/\(function)/aliases/\(alias)",
                by: "PUT",
                body: .bytes(target)
            )
        }
        if output.json { return answer.writeJSON(to: context.console) }
        context.console.line("\(function):\(AliasText.of(answer.value))")
    }
}
