package import ArgumentParser
package import Domain

/// `godwit nodes drain`.
package struct NodesDrainCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Send a node no more calls; those it has are finished.",
        discussion: "Before maintenance, or before `godwit nodes remove`. --undo lets it take calls again."
    )

    @Argument(help: "The node.", transform: Parse.text) package var name: NodeName
    @Flag(help: "Let it take calls again.") package var undo = false
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let state = undo ? "ready" : "draining"
        let status = try await NodeClient.with(node, context) { client in
            _ = try await client.require(undo ? "DELETE" : "POST", "/v1/nodes/\(name)/drain").bytes()
            // What is left to finish is good to know, but no reason to call the draining a failure.
            return try? await client.value(NodeStatus.self, "/v1/nodes/\(name)").value
        }
        if output.json { return context.console.line(try JSONText.of(["name": name.text, "state": state])) }
        context.console.line("\(name) \(state)")
        let left = status.map { ($0.instances["busy"] ?? 0) + $0.queued } ?? 0
        if !undo, left > 0 {
            context.console.note("It has \(left) call\(left == 1 ? "" : "s") to finish; `godwit nodes show \(name)`.")
        }
    }
}
