package import ArgumentParser

/// Which node to talk to, but for the data folder.
package struct ConnectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The node's address, for example https://edge-1:8080.", valueName: "address"))
    package var url: String?

    @Option(help: "The token to use; better kept in GODWIT_TOKEN, where other users cannot see it.")
    package var token: String?

    @Option(help: ArgumentHelp("Certificate to trust beside the system's, in PEM.", valueName: "file"))
    package var certificate: String?

    package init() {}
}
