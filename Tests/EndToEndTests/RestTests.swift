import Foundation
import Testing

/// A node that nobody calls holds little.
@Suite("At rest", .timeLimit(.minutes(5)))
struct RestTests {
    private static func resident(_ pid: Int32) throws -> Int {
        let fields = try String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8).split(separator: " ")
        return fields.count > 1 ? Int(fields[1]) ?? 0 : 0
    }

    @Test("a node that has come to rest gives memory back, and answers as before", arguments: Account.available)
    func rest(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython("echo", "def handle(event, context):\n    return event.text\n")
            #expect(try await node.call("echo", "x").text == "x")
            let before = try Self.resident(node.pid)
            try await awaitTrue("a third of its memory is given back", seconds: 60) {
                try Self.resident(node.pid) * 3 < before * 2
            }
            #expect(try await node.call("echo", "y").text == "y")
        }
    }
}
