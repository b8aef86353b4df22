package import ArgumentParser

/// `godwit weights`.
package struct WeightsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "weights",
        abstract: "Show and change how latency, energy, cost and carbon are traded.",
        discussion: """
            Weights are shares: they are scaled to add up to 1. Those of a function win over those of a tier, those of a \
            tier over the ones for everything; the tier is that of the node which places the call. Each change makes a \
            revision, and every revision can be brought back. For example: godwit weights set latency=0.5 energy=0.5
            """,
        subcommands: [
            WeightsShowCommand.self, WeightsSetCommand.self, WeightsUnsetCommand.self, WeightsHistoryCommand.self,
            WeightsRollbackCommand.self,
        ],
        defaultSubcommand: WeightsShowCommand.self
    )

    package init() {}
}
