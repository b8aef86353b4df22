package import ArgumentParser
package import Domain

/// `godwit top`.
package struct TopCommand: GodwitCommand {
    /// What `--json` writes, one line for each look.
    private struct Look: Encodable {
        let time: Timestamp
        let nodes: [NodeStatus]
        let traffic: TrafficReport
    }

    package static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Watch where calls go, what they take, and what the nodes draw.",
        discussion: """
            The numbers are those of the calls that the asked node placed in the last ten seconds. On a terminal the \
            table is repainted until Ctrl-C; elsewhere a new one is written for each interval, as JSON a line.
            """
    )

    @Option(help: "How often to look, for example 500ms; 1s if nothing is said.", transform: Parse.text) package
        var interval =
        TimeSpan.seconds(1)
    @Option(name: [.customShort("n"), .long], help: "How often to look before it ends. For ever, if nothing is said.")
    package var count: Int?
    @Flag(help: "Look once.") package var once = false
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    package func validate() throws {
        guard TimeSpan.milliseconds(100)...TimeSpan.hours(1) ~= interval else {
            throw ValidationError("--interval is from 100ms to 1h")
        }
        guard count ?? 1 > 0 else { throw ValidationError("--count is 1 or more") }
        guard !once || count == nil else { throw ValidationError("give --once or --count, not both") }
    }

    package func execute(_ context: CommandContext) async throws {
        let looks = once ? 1 : count ?? .max
        let isLive = context.console.isTerminal && !output.json && looks > 1
        try await NodeClient.with(node, context) { client in
            let first = try await look(client, context)
            if isLive {
                try await live(first, looks, client, context)
            } else {
                try await plain(first, looks, client, context)
            }
        }
    }

    /// One table after another.
    private func plain(_ first: TopFrame, _ looks: Int, _ client: NodeClient, _ context: CommandContext) async throws {
        try write(first, context)
        for _ in 1..<looks {
            try await Task.sleep(for: interval.duration)
            let next = try await look(client, context)
            if !output.json { context.console.line("") }
            try write(next, context)
        }
    }

    /// One table that changes; what was last seen stays behind on the ordinary screen.
    private func live(_ first: TopFrame, _ looks: Int, _ client: NodeClient, _ context: CommandContext) async throws {
        let screen = TopScreen(context)
        var shown = first
        do {
            screen.enter()
            defer { screen.leave() }
            screen.paint(shown.lines)
            let clock = ContinuousClock()
            var next = clock.now
            for _ in 1..<looks {
                next = max(next + interval.duration, clock.now)
                try await Task.sleep(until: next, clock: clock)
                do {
                    shown = try await look(client, context)
                } catch let failure as CommandFailure {
                    // A node that starts anew is not the end of watching.
                    shown.notice = "old: \(failure.message.split(separator: "\n").first ?? "no answer")"
                }
                screen.paint(shown.lines)
            }
        }
        try write(shown, context)
    }

    private func look(_ client: NodeClient, _ context: CommandContext) async throws -> TopFrame {
        async let traffic = client.value(TrafficReport.self, "/v1/traffic?seconds=10")
        let nodes = try await client.value(NodeList.self, "/v1/nodes")
        return TopFrame(nodes: nodes.value.nodes, traffic: try await traffic.value, time: context.now())
    }

    private func write(_ frame: TopFrame, _ context: CommandContext) throws {
        if output.json {
            let look = Look(time: frame.time, nodes: frame.nodes, traffic: frame.traffic)
            return context.console.line(String(decoding: try JSONText.bytes(look), as: UTF8.self))
        }
        let screen = TopScreen(context)
        for line in frame.lines { context.console.line(context.console.isTerminal ? screen.cut(line) : line) }
    }
}
