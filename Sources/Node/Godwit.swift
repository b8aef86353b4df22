import ArgumentParser
import Commands

/// The command `godwit`: wires the subcommands together.
struct Godwit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "godwit",
        abstract: "A distributed function runtime for the edge–cloud continuum.",
        discussion: """
            The author's day: godwit new greet; godwit deploy greet; godwit invoke greet; godwit logs greet -f

            A node is found by --url, --token and --certificate; else by GODWIT_URL, GODWIT_TOKEN and \
            GODWIT_CERTIFICATE; else by what a node on this machine left in its data folder: --data, GODWIT_DATA, \
            /var/lib/godwit for root, or ~/.local/share/godwit.

            Exit codes:
              0   done
              1   an error, explained on standard error
              2   the function failed, or answered with a status of 400 or more
              3   no node could be found or reached
              64  wrong usage
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Functions",
                subcommands: [
                    NewCommand.self, DeployCommand.self, InvokeCommand.self, LogsCommand.self, FunctionsCommand.self,
                    AliasCommand.self, ExecutionsCommand.self, ExplainCommand.self,
                ]
            ),
            CommandGroup(
                name: "Nodes",
                subcommands: [
                    InitCommand.self, UpCommand.self, InviteCommand.self, JoinCommand.self, NodesCommand.self,
                    TopCommand.self,
                    WeightsCommand.self, KnobsCommand.self, SecretsCommand.self, TokensCommand.self, DoctorCommand.self,
                ]
            ),
            CommandGroup(name: "Shell", subcommands: [CompletionsCommand.self]),
        ]
    )
}
