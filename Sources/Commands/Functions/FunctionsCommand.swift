package import ArgumentParser

/// `godwit functions`.
package struct FunctionsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "functions",
        abstract: "List, show and delete published functions.",
        subcommands: [FunctionsListCommand.self, FunctionsShowCommand.self, FunctionsDeleteCommand.self],
        defaultSubcommand: FunctionsListCommand.self
    )

    package init() {}
}
