package import ArgumentParser
package import Domain

/// `godwit executions list`.
package struct ExecutionsListCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the executions of all nodes, newest first."
    )

    @Option(help: "Only those of a function.", transform: Parse.text) package var function: FunctionName?
    @Option(help: "Only those in a state, for example dead.") package var state: ExecutionState?
    @Option(help: "Only those before that one.", transform: Parse.text) package var before: ExecutionID?
    @Option(help: "Only those that a node took.", transform: Parse.text) package var at: NodeName?
    @Option(name: [.customShort("n"), .long], help: "Most executions to list.") package var limit = 20
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is 1 or more") }
    }

    package func execute(_ context: CommandContext) async throws {
        var path = "/v1/executions?limit=\(limit)"
        if let function { path += "&function=\(function)" }
        if let state { path += "&state=\(state.rawValue)" }
        if let before { path += "&before=\(before)" }
        if let at { path += "&node=\(at)" }
        let request = path
        let answer = try await NodeClient.with(node, context) { try await $0.value(ExecutionList.self, request) }
        if output.json { return answer.writeJSON(to: context.console) }
        if let missing = answer.value.missing {
            context.console.note(
                "Without those of nodes that do not answer: \(missing.map(\.text).joined(separator: ", "))."
            )
        }
        if answer.value.executions.isEmpty { return context.console.note("No such executions.") }
        var table = Table("ID", "FUNCTION", "STATE", "START", ">TIME", ">ENERGY", "NODE", "ACCEPTED")
        for record in answer.value.executions {
            table.add(
                record.id.text,
                "\(record.function):\(record.version)",
                record.state.rawValue,
                record.start?.rawValue ?? "",
                record.state.isFinal ? Human.duration(nanoseconds: record.phases.total) : "",
                record.state.isFinal ? Human.joules(record.use.joules) : "",
                record.node.text,
                Human.distance(to: record.accepted, from: context.now())
            )
        }
        table.lines.forEach(context.console.line)
        if let next = answer.value.next { context.console.note("There are more: --before \(next)") }
    }
}
