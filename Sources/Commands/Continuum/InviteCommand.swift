package import ArgumentParser
package import Domain

/// `godwit invite`.
package struct InviteCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: "Let another machine join: print the command to run there.",
        discussion: """
            The command has a token that works once and for a short time. Whoever has it can make a node of this \
            continuum: pass it on as you would a password. Only the command goes to standard output: \
            ssh edge-2 "$(godwit invite --tier edge)"
            """
    )

    @Option(
        help: "The only name that the new node may have. Any that is free, if nothing is said.",
        transform: Parse.text
    )
    package var name: NodeName?
    @Option(help: "The tier that the new node will belong to, for example edge or cloud.", transform: Parse.text)
    package var tier: Tier
    @Option(help: "How long the token is good; 1h if nothing is said.", transform: Parse.text) package var expires =
        TimeSpan.hours(1)
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        guard expires > .zero else { throw ValidationError("--expires is longer than nothing, for example 1h") }
    }

    package func execute(_ context: CommandContext) async throws {
        let body = try JSONText.bytes(InvitationRequest(name: name, tier: tier, lifetime: expires))
        let answer = try await NodeClient.with(node, context) {
            try await $0.value(JoinTicket.self, "/v1/invitations", by: "POST", body: .bytes(body))
        }
        if output.json { return answer.writeJSON(to: context.console) }
        let ticket = answer.value
        guard Self.isPlain(ticket.address), Self.isPlain(ticket.token), !ticket.token.hasPrefix("-") else {
            throw CommandFailure("the node's ticket has characters that no address or token has; do not use it")
        }
        context.console.line("godwit join \(Self.word(ticket.address)) \(ticket.token)")
        let who = name.map { "as '\($0)'" } ?? "under any free name"
        context.console.note(
            "It works once, \(who), and expires \(Human.distance(to: ticket.expires, from: context.now())): "
                + "\(Human.time(ticket.expires)) UTC."
        )
        if Self.isLoopback(ticket.address) {
            context.console.note(
                "\(ticket.address) can only be reached from this machine; see `godwit up --help` on how to listen elsewhere."
            )
        }
    }

    /// Whether a shell takes the text as it is, but for brackets.
    ///
    /// The line will be pasted into one, and comes from a node.
    private static func isPlain(_ text: String) -> Bool {
        let marks = Set("-._~:/[]+=%".utf8)
        return !text.isEmpty
            && text.utf8.allSatisfy { byte in
                marks.contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            }
    }

    /// The brackets of an IPv6 address are a pattern to shells.
    private static func word(_ text: String) -> String { text.contains("[") ? "'\(text)'" : text }

    private static func isLoopback(_ address: String) -> Bool {
        let host = address.split(separator: "/").last ?? ""
        return ["127.", "localhost", "[::1]"].contains { host.hasPrefix($0) }
    }
}
