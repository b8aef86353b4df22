package import ArgumentParser

/// `godwit nodes`.
package struct NodesCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "nodes",
        abstract: "Show the nodes and how they are; drain and remove them.",
        discussion: "`godwit invite` lets another machine join.",
        subcommands: [
            NodesListCommand.self, NodesShowCommand.self, NodesDrainCommand.self, NodesRemoveCommand.self,
        ],
        defaultSubcommand: NodesListCommand.self
    )

    package init() {}
}
