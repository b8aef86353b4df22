package import ArgumentParser
import Domain

/// `godwit nodes`.
package struct NodesCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "nodes",
        abstract: "Show the nodes and how they are."
    )

    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let answer = try await NodeClient.with(node, context) { try await $0.value(NodeList.self, "/v1/nodes") }
        if output.json { return answer.writeJSON(to: context.console) }
        var table = Table(
            "NAME",
            "TIER",
            "SITE",
            "STATE",
            ">CORES",
            ">MEMORY",
            ">IDLE",
            ">BUSY",
            ">QUEUED",
            "SANDBOX",
            "UP"
        )
        for status in answer.value.nodes {
            let weak = status.sandbox.filter { $0.state != .present }.count
            table.add(
                status.node.name.text,
                status.node.tier.text,
                status.node.site?.text ?? "",
                status.state,
                "\(status.node.cores)",
                Human.bytes(status.node.memory.bytes),
                "\(status.instances["idle"] ?? 0)",
                "\(status.instances["busy"] ?? 0)",
                "\(status.queued)",
                weak == 0 ? "whole" : "\(weak) of \(status.sandbox.count) layers weak",
                Human.duration(context.now().since(status.started))
            )
        }
        table.lines.forEach(context.console.line)
    }
}
