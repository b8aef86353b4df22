package import ArgumentParser
package import Domain

/// `godwit secrets set`.
package struct SecretsSetCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set a secret.",
        discussion: """
            The value is read from standard input, without the line end there; on a terminal it is asked for and not \
            shown. With --file it is the whole file. It is never an argument: other users could see it.
            """
    )

    @Argument(help: "Its name, as the environment variable will be called.", transform: Parse.text)
    package var name: SecretName
    @Option(help: ArgumentHelp("A file with the value.", valueName: "path")) package var file: String?
    @Option(
        help: ArgumentHelp(
            """
            The tiers whose nodes get it, for example edge,cloud; by default those of before, else the tier of the node \
            that founded the continuum.
            """,
            valueName: "tier,…"
        ),
        transform: Parse.tiers
    )
    package var tiers: [Tier]?
    @OptionGroup package var node: NodeOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let value = try value(context)
        guard !value.isEmpty else {
            throw CommandFailure("the value is empty; `godwit secrets delete` removes a secret")
        }
        _ = try await NodeClient.with(node, context) {
            try await $0.require("PUT", "/v1/secrets/\(name)\(query)", body: .bytes(value))
        }
        context.console.note(tiers.map { "Set \(name) for \(words($0)) nodes." } ?? "Set \(name).")
    }

    private var query: String { tiers.map { "?tiers=\(words($0))" } ?? "" }

    private func words(_ tiers: [Tier]) -> String { tiers.map(\.text).joined(separator: ",") }

    private func value(_ context: CommandContext) throws -> [UInt8] {
        if let file {
            guard let descriptor = System.open(file) else {
                throw CommandFailure("'\(file)' cannot be read: \(System.reason)")
            }
            defer { System.close(descriptor) }
            return System.readAll(descriptor)
        }
        if context.console.showsProgress, System.isTerminal(0) {
            context.console.progress("Value of \(name) (not shown): ")
            let line = System.readHidden() ?? ""
            context.console.progress("")
            return Array(line.utf8)
        }
        var value = context.input()
        if value.last == UInt8(ascii: "\n") { value.removeLast() }
        if value.last == UInt8(ascii: "\r") { value.removeLast() }
        return value
    }
}
