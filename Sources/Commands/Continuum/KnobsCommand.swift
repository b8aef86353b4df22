package import ArgumentParser

/// `godwit knobs`.
package struct KnobsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "knobs",
        abstract: "Show and turn the settings that a node may change while it runs.",
        discussion: """
            Every knob has bounds; agents turn them too, within the same bounds. For example: \
            godwit knobs set keep-alive=2
            """,
        subcommands: [KnobsShowCommand.self, KnobsSetCommand.self],
        defaultSubcommand: KnobsShowCommand.self
    )

    package init() {}
}
