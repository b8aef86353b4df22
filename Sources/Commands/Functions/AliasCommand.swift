package import ArgumentParser

/// `godwit alias`.
package struct AliasCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "alias",
        abstract: "Point names at versions, or split calls between two.",
        discussion: "Where the alias 'live' exists, it decides what a call without a qualifier runs.",
        subcommands: [AliasListCommand.self, AliasSetCommand.self, AliasDeleteCommand.self]
    )

    package init() {}
}
