package import ArgumentParser

/// `godwit-bench`: measures a node beside what people would use instead, in one run on one machine.
package struct BenchCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "godwit-bench",
        abstract: "Measure a Godwit node beside what people would use instead.",
        discussion: """
            Everything is measured in one run, in rounds in which the subjects take turns, and reported as medians and as \
            ratios to the reference of the same round: ratios can be compared between machines, absolute times cannot.
            """,
        subcommands: [RunCommand.self, ListCommand.self, CompareCommand.self],
        defaultSubcommand: RunCommand.self
    )

    package init() {}
}
