import Domain
import Foundation
import Testing

/// Calls that come regularly find an instance that was started for them.
@Suite("Instances ahead of calls", .timeLimit(.minutes(5)))
struct PrewarmTests {
    private static let handler = "def handle(event, context):\n    return event.text\n"

    /// Calls a function every five seconds, and tells how each instance came to it.
    private static func starts(of function: String, on node: TestNode) async throws -> [String] {
        try await node.publishPython(function, handler, "instances: {keepAlive: 2s}")
        var starts: [String] = []
        for _ in 0..<11 {
            let answer = try await node.call(function, "x")
            #expect(answer.text == "x")
            starts.append(answer.header("godwit-start") ?? "")
            try await Task.sleep(for: .seconds(5))
        }
        return starts
    }

    @Test("a call that comes every five seconds is warm, although instances are kept for two")
    func regular() async throws {
        try await TestNode.run(as: .ordinary) { node in
            var function = "", starts: [String] = []
            // One call that a busy machine delays by two seconds, and they are not regular: then others are made.
            for attempt in 1...3 where starts.suffix(4).filter({ $0 == "warm" }).count < 2 {
                function = "tick-\(attempt)"
                starts = try await Self.starts(of: function, on: node)
                #expect(starts.prefix(7).allSatisfy { $0 == "cold" }, "\(starts)")
            }
            #expect(starts.suffix(4).filter { $0 == "warm" }.count >= 2, "\(starts)")
            let metrics = try await node.send(.GET, "/metrics").text
            #expect(metrics.contains("godwit_prewarmed_instances_total{function=\"\(function)\"}"))
            // The calls have stopped: what was started for the next one goes, and no more are started for nothing.
            try await awaitTrue("no instance is left", seconds: 30) {
                try await node.send(.GET, "/metrics").text.split(separator: "\n").contains {
                    $0.hasPrefix("godwit_instances{function=\"\(function)\",state=\"idle\"}") && $0.hasSuffix(" 0")
                }
            }
        }
    }

    @Test("a node that is told not to starts nothing ahead")
    func off() async throws {
        let config = try Configuration.file("limits: {prewarm: false}\n")
        defer { Configuration.remove(config) }
        try await TestNode.run(as: .ordinary, options: ["--config", config]) { node in
            try await node.publishPython("tick", Self.handler, "instances: {keepAlive: 1s}")
            for _ in 0..<9 {
                #expect(try await node.call("tick", "x").header("godwit-start") == "cold")
                try await Task.sleep(for: .milliseconds(2100))
            }
        }
    }
}
