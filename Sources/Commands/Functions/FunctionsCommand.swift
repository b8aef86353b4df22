package import ArgumentParser

/// `godwit functions`.
package struct FunctionsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "functions",
        abstract: "List, show and delete published functions; release them from quarantine.",
        subcommands: [
            FunctionsListCommand.self, FunctionsShowCommand.self, FunctionsDeleteCommand.self,
            FunctionsQuarantinedCommand.self, FunctionsReleaseCommand.self,
        ],
        defaultSubcommand: FunctionsListCommand.self
    )

    package init() {}
}
