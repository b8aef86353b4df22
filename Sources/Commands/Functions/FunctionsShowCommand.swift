package import ArgumentParser
package import Domain

/// `godwit functions show`.
package struct FunctionsShowCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a function: its settings, versions and aliases."
    )

    @Argument(help: "The function.", transform: Parse.text) package var name: FunctionName
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func execute(_ context: CommandContext) async throws {
        let answer = try await NodeClient.with(node, context) {
            try await $0.value(PublishedFunction.self, "/v1/functions/\(name)")
        }
        if output.json { return answer.writeJSON(to: context.console) }
        let console = context.console
        if let latest = answer.value.latest { Self.settings(latest.spec).forEach(console.line) }
        console.line("")
        var versions = Table(">VERSION", "DIGEST", ">SIZE", "PUBLISHED")
        for version in answer.value.versions.reversed() {
            versions.add(
                version.number.description,
                String(version.digest.text.prefix(19)),
                Human.bytes(version.bundleSize),
                Human.time(version.published)
            )
        }
        versions.lines.forEach(console.line)
        guard !answer.value.aliases.isEmpty else { return }
        console.line("")
        var aliases = Table("ALIAS", "VERSION")
        for alias in answer.value.aliases { aliases.add(alias.name.text, AliasText.target(alias)) }
        aliases.lines.forEach(console.line)
    }

    private static func settings(_ spec: FunctionSpec) -> [String] {
        var rows: [(name: String, value: String?)] = [
            ("name", spec.name.text), ("runtime", spec.runtime.rawValue), ("handler", spec.handler),
            ("memory", spec.memory.text), ("cpu", Human.decimal(spec.cpu, 2)), ("timeout", spec.timeout.text),
            ("instances", "\(spec.instances.min) to \(spec.instances.max), idle \(spec.instances.keepAlive)"),
            ("concurrency", "\(spec.concurrency)"), ("access", spec.access.rawValue),
        ]
        if let objective = spec.objective {
            rows.append(
                ("objective", "\(objective.latency) in \(Human.decimal(objective.quantile * 100, 1)) % of calls")
            )
        }
        if !spec.secrets.isEmpty { rows.append(("secrets", spec.secrets.map(\.text).joined(separator: " "))) }
        if !spec.env.isEmpty { rows.append(("env", spec.env.keys.sorted().joined(separator: " "))) }
        if !spec.forks { rows.append(("fork", "false")) }
        if let calls = spec.syscalls { rows.append(("syscalls", "\(calls.count) listed")) }
        if spec.idempotent { rows.append(("idempotent", "yes")) }
        return Facts.lines(rows)
    }
}
