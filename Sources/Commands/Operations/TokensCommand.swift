package import ArgumentParser

/// `godwit tokens`.
package struct TokensCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "tokens",
        abstract: "Say who may call, publish and operate.",
        subcommands: [TokensListCommand.self, TokensCreateCommand.self, TokensDeleteCommand.self]
    )

    package init() {}
}
