import ArgumentParser
import Commands
import Continuum
import Domain
import Gateway

/// `godwit join`.
struct JoinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Let this machine's node join a continuum.",
        discussion: """
            ADDRESS and TOKEN come from `godwit invite` on the founder. The token is good once. The node gets a \
            certificate, which goes to its data folder with its key; `godwit up` then finds the others by itself.

            Run it as the user that runs the node, or as root, and give --data where the node has another data folder \
            than the usual.
            """
    )

    @Argument(help: ArgumentHelp("Where the founder's peer interface is.", valueName: "address")) var address: String
    @Argument(help: ArgumentHelp("The join token.", valueName: "token")) var token: String
    @Option(help: "Name of the node; by default the host's.") var name: String?
    @Option(help: "Tier that the node takes itself for; by default that of the token.") var tier: String?
    @Option(help: "Site it stands at.") var site: String?
    @Option(help: ArgumentHelp("Folder for everything the node keeps.", valueName: "folder")) var data: String?
    @Flag(help: "Leave the continuum that it belongs to now.") var force = false
    @Flag(help: "Print the result as JSON.") var json = false

    func run() async throws {
        do {
            try await join()
        } catch let error as Invalid {
            throw ValidationError(error.description)
        } catch let error as IdentityError {
            throw StartFailure(description: error.description)
        } catch let loss as PeerLoss {
            throw StartFailure(description: "the founder does not answer: \(loss.reason)")
        }
    }

    private func join() async throws {
        Machine.prepareProcess()
        let folder = NodeFolder(path: Machine.absolute(UpCommand.dataFolder(data)))
        let files = ContinuumFolder(path: folder.continuum)
        guard !files.isThere || force else {
            throw Invalid("data", "'\(folder.path)' belongs to a continuum already; --force leaves that one")
        }
        for path in [folder.path, folder.continuum] where !Machine.makeFolder(path, mode: 0o700) {
            throw Invalid("data", "'\(path)' cannot be made; choose another with --data")
        }
        let key = NodeKey()
        let wanted = try name.map { raw in try NodeName(raw) } ?? UpCommand.defaultName()
        let client = try JoinClient(address: try PeerAddress(address), token: try JoinToken(token))
        let answer = try await client.join(
            as: wanted,
            tier: try tier.map { raw in try Tier(raw) },
            site: try site.map { raw in try Site(raw) },
            request: try key.request()
        )
        let identity = try NodeIdentity(
            key: key.pem,
            certificate: answer.certificate,
            authority: answer.authority,
            at: Machine.now
        )
        try files.keep(ContinuumFolder.Acquaintance(founder: answer.founder, peers: answer.peers))
        try files.keep(key: key.pem, certificate: answer.certificate, authority: answer.authority)
        if json {
            print(
                """
                {"founder":"\(answer.founder.name)","name":"\(identity.name)","tier":"\(identity.tier)"}
                """
            )
        } else {
            print(
                "\(identity.name) of tier \(identity.tier) has joined the continuum that \(answer.founder.name) founded."
            )
            print("Its certificate is good until \(identity.notAfter) and is renewed by itself. Start it: godwit up")
        }
    }
}
