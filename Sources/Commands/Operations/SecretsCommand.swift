package import ArgumentParser

/// `godwit secrets`.
package struct SecretsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "secrets",
        abstract: "Keep values that functions need and nobody may read.",
        discussion:
            "A value is never shown again. A function that lists a name under 'secrets' finds it in its environment.",
        subcommands: [SecretsListCommand.self, SecretsSetCommand.self, SecretsDeleteCommand.self]
    )

    package init() {}
}
