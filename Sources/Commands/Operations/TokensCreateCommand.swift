package import ArgumentParser
package import Domain

/// `godwit tokens create`.
package struct TokensCreateCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a token and print it, the one time it is shown.",
        discussion: "Only the token goes to standard output: TOKEN=$(godwit tokens create --scope invoke)"
    )

    @Option(help: "What it allows: invoke, publish or operate; may be repeated.") package var scope: [Scope]
    @Option(help: "A function it is good for; may be repeated. All, if none is named.", transform: Parse.text)
    package var function: [FunctionName] = []
    @Option(help: "What it is for.") package var note = ""
    @Option(help: "How long it is good, for example 30d. For ever, if nothing is said.", transform: Parse.text)
    package var expires: TimeSpan?
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let request = TokenRequest(
            scopes: Set(scope),
            functions: function.isEmpty ? nil : Set(function),
            note: note,
            lifetime: expires
        )
        let body = try JSONText.bytes(request)
        let answer = try await NodeClient.with(node, context) {
            try await $0.value(IssuedToken.self, "/v1/tokens", by: "POST", body: .bytes(body))
        }
        if output.json { return answer.writeJSON(to: context.console) }
        context.console.line(answer.value.token)
        let until = answer.value.info.expires.map { "until \(Human.time($0)) UTC" } ?? "until it is deleted"
        context.console.note("Token \(answer.value.info.id) is good \(until). It is not shown again.")
    }
}
