package import ArgumentParser

/// Which node to talk to.
package struct NodeOptions: ParsableArguments {
    @OptionGroup package var connection: ConnectionOptions

    @Option(help: ArgumentHelp("Data folder of a node on this machine, to find it by.", valueName: "folder"))
    package var data: String?

    package init() {}
}
