package import ArgumentParser

/// `godwit executions`.
package struct ExecutionsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "executions",
        abstract: "Follow, fetch, cancel and redrive executions.",
        discussion:
            "Dead letters, the calls that failed for good, are: godwit executions list --state dead. They wait for redrive or cancel.",
        subcommands: [
            ExecutionsListCommand.self, ExecutionsShowCommand.self, ExecutionsResultCommand.self,
            ExecutionsLogsCommand.self, ExecutionsCancelCommand.self, ExecutionsRedriveCommand.self,
        ],
        defaultSubcommand: ExecutionsListCommand.self
    )

    package init() {}
}
