import ArgumentParser
import Commands
import Domain
import Synchronization
import Testing

@Suite("godwit top")
struct TopTests {
    private static let environment = ["HOME": "/nonexistent", "COLUMNS": "60", "LINES": "5"]

    private static func answers() throws -> (nodes: String, traffic: String) {
        let nodes = [
            try Sample.node("edge-1"), try Sample.node("edge-2", state: "draining", link: Sample.link),
            try Sample.node("cloud-1", tier: "cloud", watts: 90, link: Sample.link),
        ]
        func share(_ name: String, _ calls: Int, _ failures: Int = 0) throws -> TrafficReport.Share {
            .init(
                node: try NodeName(name),
                calls: calls,
                failures: failures,
                p50: 12.5,
                p95: 40,
                joules: 0.25 * Double(calls),
                grams: 0.001,
                violations: 2,
                cold: 1
            )
        }
        let traffic = TrafficReport(
            seconds: 10,
            shares: [try share("edge-1", 250), try share("cloud-1", 740, 3), try share("gone", 10)]
        )
        return (try JSON.text(NodeList(nodes: nodes)), try JSON.text(traffic))
    }

    private static func answer(
        _ request: FakeNode.Request,
        _ answers: (nodes: String, traffic: String)
    ) -> FakeNode.Answer {
        switch request.line {
        case "GET /v1/nodes": .json(answers.nodes)
        case "GET /v1/traffic?seconds=10": .json(answers.traffic)
        default: .init(status: 404)
        }
    }

    @Test("one look: the busiest first, and nodes that only one of both knows")
    func once() async throws {
        let answers = try Self.answers()
        try await FakeNode.with({ Self.answer($0, answers) }) { _, url in
            let shown = try await perform(TopCommand.self, "--once", "--url", url)
            #expect(
                shown.output == """
                    godwit top  2026-01-31 12:00:00 UTC  100.0 calls/s  2 of 3 nodes ready  98.5 W
                    last 10 s: 1000 calls, 3 failed, 3 cold, 6 over their objective, 250 J, 0.0030 g CO2e

                    NODE     STATE     CALLS/S  SHARE      P50      P95  J/CALL     W   CPU  QUEUE  FAILED  TIER
                    cloud-1  ready        74.0   74 %  12.5 ms  40.0 ms  250 mJ  90.0  42 %      3       3  cloud  ▇▇▇▇▇▇▇···
                    edge-1   ready        25.0   25 %  12.5 ms  40.0 ms  250 mJ   4.3  42 %      3       0  edge   ▇▇▇·······
                    gone     unknown       1.0    1 %  12.5 ms  40.0 ms  250 mJ     -     -      -       0  -      ··········
                    edge-2   draining      0.0    0 %        -        -       -   4.3  42 %      3       0  edge   ··········

                    """
            )
        }
    }

    @Test("JSON is a line for each look")
    func json() async throws {
        let answers = try Self.answers()
        try await FakeNode.with({ Self.answer($0, answers) }) { _, url in
            let shown = try await perform(
                TopCommand.self,
                "--json",
                "-n",
                "2",
                "--interval",
                "100ms",
                "--url",
                url,
                asTerminal: true
            )
            let lines = shown.output.split(separator: "\n")
            #expect(lines.count == 2)
            struct Look: Decodable {
                let time: Timestamp
                let nodes: [NodeStatus]
                let traffic: TrafficReport
            }
            let look = try JSON.value(Look.self, Array(lines[0].utf8))
            #expect(look.time == Sample.now)
            #expect(look.nodes.count == 3)
            #expect(look.traffic.shares.count == 3)
        }
    }

    @Test("a terminal is repainted within its size, outlives a look that fails, and is given back")
    func live() async throws {
        let answers = try Self.answers()
        let looks = Mutex(0)
        try await FakeNode.with({ request in
            let count = looks.withLock { looks in
                looks += request.line == "GET /v1/nodes" ? 1 : 0
                return looks
            }
            return count == 2 ? .init(isSilent: true) : Self.answer(request, answers)
        }) { _, url in
            let shown = try await perform(
                TopCommand.self,
                "-n",
                "3",
                "--interval",
                "100ms",
                "--url",
                url,
                environment: Self.environment,
                asTerminal: true
            )
            #expect(shown.code == 0)
            let screens = shown.output.components("\u{1b}[H")
            #expect(screens.count == 4)
            #expect(screens[0] == "\u{1b}[?1049h\u{1b}[?25l\u{1b}[2J")
            let first = screens[1].components("\r\n")
            // As many rows as the terminal has, none wider than it.
            #expect(first.count == 5)
            #expect(first[0] == "godwit top  2026-01-31 12:00:00 UTC  100.0 calls/s  2 of 3 …\u{1b}[K")
            #expect(screens[2].contains("old: cannot reach the node"))
            let end = screens[3].components("\u{1b}[?25h\u{1b}[?1049l")
            #expect(end.count == 2)
            // What was last seen stays on the ordinary screen.
            #expect(end.last?.hasPrefix("godwit top  2026-01-31 12:00:00 UTC") == true)
            #expect(end.last?.contains("\u{1b}") == false)
        }
    }

    @Test("a node that never answered is an error")
    func unreachable() async throws {
        let result = try await perform(TopCommand.self, "--url", "http://127.0.0.1:1", asTerminal: true)
        #expect(result.code == 3)
        #expect(result.output.isEmpty)
    }

    @Test(
        "wrong usage",
        arguments: [["--interval", "1ms"], ["-n", "0"], ["--once", "-n", "2"], ["--interval", "soon"]]
    )
    func usage(arguments: [String]) { #expect(throws: (any Error).self) { try TopCommand.parse(arguments) } }
}

extension String {
    /// The parts between a separator.
    fileprivate func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
