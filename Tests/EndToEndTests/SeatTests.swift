import Foundation
import Testing

/// Who gets a connection on which event loop.
@Suite("Connections on several loops", .timeLimit(.minutes(2)))
struct SeatTests {
    /// How many connections a node has on the calls' loop and on the others, once that is `expected` or it takes too long.
    private static func counts(of node: TestNode, expected: [Int]) async throws -> [Int] {
        var counts: [Int] = []
        for _ in 0..<200 where counts != expected {
            if !counts.isEmpty { try await Task.sleep(for: .milliseconds(25)) }
            let lines = try await node.send(.GET, "/metrics").text.split(separator: "\n")
            counts = ["calls", "others"].map { loop in
                let line = lines.first { $0.hasPrefix("godwit_connections{loop=\"\(loop)\"}") }
                return line?.split(separator: " ").last.flatMap { Double($0) }.map { Int($0) } ?? -1
            }
        }
        return counts
    }

    private static func answer(_ connection: borrowing RawConnection) async -> String {
        connection.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        return await connection.read(until: "ok\n")
    }

    @Test("the first are on the calls' loop, the others on others, and who comes when one has left takes its place")
    func places() async throws {
        let config = try Configuration.file("limits: {loops: 3, nearConnections: 3}\n")
        defer { Configuration.remove(config) }
        try await TestNode.run(as: .ordinary, options: ["--config", config]) { node in
            // One is the one that asks.
            #expect(try await Self.counts(of: node, expected: [1, 0]) == [1, 0])
            let third = try RawConnection(port: node.port)
            do {
                let second = try RawConnection(port: node.port)
                #expect(await Self.answer(second).contains("200"))
                #expect(await Self.answer(third).contains("200"))
                #expect(try await Self.counts(of: node, expected: [3, 0]) == [3, 0])
                let fourth = try RawConnection(port: node.port)
                let fifth = try RawConnection(port: node.port)
                #expect(await Self.answer(fourth).contains("200"))
                #expect(await Self.answer(fifth).contains("200"))
                #expect(try await Self.counts(of: node, expected: [3, 2]) == [3, 2])
            }
            #expect(try await Self.counts(of: node, expected: [2, 0]) == [2, 0])
            let sixth = try RawConnection(port: node.port)
            #expect(await Self.answer(sixth).contains("200"))
            #expect(try await Self.counts(of: node, expected: [3, 0]) == [3, 0])
        }
    }

    @Test("there are never more than may be, and who waits gets the place of one that leaves", arguments: [0, 2, 16])
    func limit(nearConnections: Int) async throws {
        let config = try Configuration.file("limits: {loops: 2, nearConnections: \(nearConnections), connections: 3}\n")
        defer { Configuration.remove(config) }
        try await TestNode.run(as: .ordinary, options: ["--config", config]) { node in
            let waiting: RawConnection
            do {
                let second = try RawConnection(port: node.port)
                let third = try RawConnection(port: node.port)
                #expect(await Self.answer(second).contains("200"))
                #expect(await Self.answer(third).contains("200"))
                waiting = try RawConnection(port: node.port)
                waiting.setReadLimit(seconds: 1)
                #expect(await Self.answer(waiting) == "")
            }
            #expect(await waiting.read(until: "ok\n").contains("200"))
        }
    }

    @Test("a call that runs when the node is ended is still answered, and then the connection is closed")
    func drains() async throws {
        try await TestNode.run(as: .ordinary, connections: .far) { node in
            try await node.publishPython(
                "slow",
                "import time\ndef handle(event, context):\n    time.sleep(1)\n    return 'done'\n"
            )
            #expect(try await node.call("slow").text == "done")
            let connection = try RawConnection(port: node.port)
            let idle = try RawConnection(port: node.port)
            #expect(await Self.answer(idle).contains("200"))
            connection.write("POST /function/slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            try await Task.sleep(for: .milliseconds(300))
            kill(node.pid, SIGTERM)
            #expect(await connection.readAll().hasSuffix("done"))
            #expect(await idle.readAll() == "")
        }
    }
}
