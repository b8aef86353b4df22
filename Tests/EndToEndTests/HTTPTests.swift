import Domain
import Foundation
import Testing

/// HTTP as hostile, old and hurried clients speak it.
@Suite("HTTP", .timeLimit(.minutes(3)))
struct HTTPTests {
    private static let echo = "#!/bin/sh\nexec cat\n"

    private static func post(_ path: String, _ body: String, _ more: String = "", version: String = "1.1") -> String {
        "POST \(path) HTTP/\(version)\r\nHost: x\r\n\(more)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test("pipelined requests are answered in their order, calls and others mixed", arguments: Connections.allCases)
    func pipelining(_ connections: Connections) async throws {
        try await TestNode.run(as: .ordinary, connections: connections) { node in
            try await node.publishScript("cat", Self.echo)
            let connection = try RawConnection(port: node.port)
            connection.write(
                Self.post("/function/cat", "first") + "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
                    + Self.post("/function/cat", "third")
                    + "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            )
            let text = await connection.readAll()
            let order = ["first", "ok\n", "third", "there is no GET /nowhere"].map { text.range(of: $0)?.lowerBound }
            #expect(order.allSatisfy { $0 != nil }, "\(text)")
            #expect(order.compactMap { $0 } == order.compactMap { $0 }.sorted())
        }
    }

    @Test(
        "what could be read in two ways is refused, and the connection closed",
        arguments: [
            "POST /function/cat HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /function/cat HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcdGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /function/cat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /function/cat HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\nabcdGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /function/cat HTTP/1.1\r\nHost: x\r\nContent-Length : 4\r\n\r\nabcdGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /function/cat HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /healthz HTTP/1.1\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /a\u{0}b HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
            "NONSENSE\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
            "\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
        ],
        Connections.allCases
    )
    func smuggling(_ request: String, _ connections: Connections) async throws {
        try await TestNode.run(as: .ordinary, connections: connections) { node in
            try await node.publishScript("cat", Self.echo)
            let connection = try RawConnection(port: node.port)
            connection.write(request)
            let text = await connection.readAll()
            #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 400"), "\(text)")
            #expect(!text.contains("ok\n"), "the second request must not be answered: \(text)")
        }
    }

    @Test("headers beyond the bounds are refused", arguments: Connections.allCases)
    func oversizedHeaders(_ connections: Connections) async throws {
        try await TestNode.run(as: .ordinary, connections: connections) { node in
            for request in [
                "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Big: \(String(repeating: "a", count: 200_000))\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: x\r\n" + (0..<2000).map { "X-\($0): y\r\n" }.joined() + "\r\n",
                "GET /\(String(repeating: "a", count: 200_000)) HTTP/1.1\r\nHost: x\r\n\r\n",
            ] {
                let connection = try RawConnection(port: node.port)
                connection.write(request)
                let text = await connection.readAll()
                #expect(!text.contains(" 200 "), "\(text.prefix(200))")
            }
            #expect(try await node.send(.GET, "/healthz").status == 200)
        }
    }

    @Test("a body beyond the limit is refused before it is read", arguments: Connections.allCases)
    func oversizedBody(_ connections: Connections) async throws {
        try await TestNode.run(as: .ordinary, connections: connections) { node in
            try await node.publishScript("cat", Self.echo)
            let connection = try RawConnection(port: node.port)
            connection.write("POST /function/cat HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")
            #expect(await connection.readAll().hasPrefix("HTTP/1.1 413"))
        }
    }

    @Test("a client that never finishes its head, or stalls in its body, is cut off", arguments: Connections.allCases)
    func slowLoris(_ connections: Connections) async throws {
        let config = try Configuration.file("limits: {idle: 1s, \(connections.limits)}\n")
        defer { Configuration.remove(config) }
        try await TestNode.run(as: .ordinary, options: ["--config", config]) { node in
            let connection = try RawConnection(port: node.port)
            connection.write("GET /healthz HTTP/1.1\r\nHost: x\r\n")
            for _ in 0..<15 {
                connection.write("X-Slow: y\r\n")
                try await Task.sleep(for: .milliseconds(100))
            }
            connection.setReadLimit(seconds: 5)
            #expect(await connection.readAll().contains("200") == false)
            #expect(try await node.send(.GET, "/healthz").status == 200)
        }
    }

    @Test("a client that has closed its sending side still gets its answer", arguments: Connections.allCases)
    func halfClosed(_ connections: Connections) async throws {
        try await TestNode.run(as: .ordinary, connections: connections) { node in
            try await node.publishScript("cat", "#!/bin/sh\nsleep 0.3; exec cat\n")
            let connection = try RawConnection(port: node.port)
            connection.write(Self.post("/function/cat", "half"))
            connection.finish()
            let text = await connection.readAll()
            #expect(text.hasPrefix("HTTP/1.1 200") && text.hasSuffix("half"), "\(text)")
        }
    }

    @Test(
        "Expect: 100-continue is answered before the body, HEAD has none, HTTP/1.0 is closed after its answer",
        arguments: Connections.allCases
    )
    func oldHabits(_ connections: Connections) async throws {
        try await TestNode.run(as: .ordinary, connections: connections) { node in
            try await node.publishScript("cat", Self.echo)
            let expecting = try RawConnection(port: node.port)
            expecting.write(
                "POST /function/cat HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
            )
            #expect(await expecting.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100"))
            expecting.write("body")
            #expect(await expecting.read(until: "body").contains("200 OK"))

            let head = try RawConnection(port: node.port)
            head.write(
                "HEAD /function/cat HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            )
            let answers = await head.readAll()
            #expect(answers.components(separatedBy: "HTTP/1.1 200").count == 3, "\(answers)")
            #expect(answers.hasSuffix("ok\n"))

            let old = try RawConnection(port: node.port)
            old.write(Self.post("/function/cat", "old", version: "1.0"))
            let text = await old.readAll()
            #expect(
                text.contains("200 OK") && text.hasSuffix("old") && !text.lowercased().contains("chunked"),
                "\(text)"
            )
        }
    }

    @Test("chunked bodies arrive whole", arguments: Connections.allCases)
    func chunked(_ connections: Connections) async throws {
        try await TestNode.run(as: .ordinary, connections: connections) { node in
            try await node.publishScript("cat", Self.echo)
            let connection = try RawConnection(port: node.port)
            connection.write(
                "POST /function/cat HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
            )
            try await Task.sleep(for: .milliseconds(100))
            connection.write("6\r\n world\r\n0\r\n\r\n")
            #expect(await connection.readAll().hasSuffix("hello world"))
        }
    }

    @Test("a caller that goes away takes its call with it", arguments: Connections.allCases)
    func callerLeaves(_ connections: Connections) async throws {
        try await TestNode.run(as: .ordinary, connections: connections) { node in
            try await node.publishPython(
                "long",
                "import time\ndef handle(event, context):\n    time.sleep(60)\n",
                "timeout: 2m"
            )
            do {
                let connection = try RawConnection(port: node.port)
                connection.reset()
                connection.write(Self.post("/function/long", "x"))
                try await Task.sleep(for: .milliseconds(500))
            }
            try await Self.expectNoOpenCalls(of: "long", on: node)
        }
    }

    @Test("a request that breaks off in the packet of its head leaves no call behind", arguments: Connections.allCases)
    func brokenAtOnce(_ connections: Connections) async throws {
        try await TestNode.run(as: .ordinary, connections: connections) { node in
            try await node.publishScript("cat", Self.echo)
            for isKnown in [false, true] {
                // Once before anything of the function is on the node, once after.
                if isKnown { #expect(try await node.call("cat", "x").status == 200) }
                let connection = try RawConnection(port: node.port)
                connection.write(
                    "POST /function/cat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"
                )
                _ = await connection.readAll()
                try await Self.expectNoOpenCalls(of: "cat", on: node)
            }
        }
    }

    @Test("random bytes never harm the node", arguments: 0..<4, Connections.allCases)
    func fuzz(seed: UInt64, _ connections: Connections) async throws {
        try await TestNode.run(as: .ordinary, connections: connections) { node in
            try await node.publishScript("cat", Self.echo)
            var random = SeededRandom(seed: seed)
            let whole = Array(
                Self.post("/function/cat?x=1", "some body", "X-A: b\r\nTransfer-Encoding: identity\r\n").utf8
            )
            for _ in 0..<150 {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    let index = Int.random(in: bytes.indices, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
                    case 1: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: index)
                    default: bytes.removeSubrange(index..<min(index + 7, bytes.count))
                    }
                    if bytes.isEmpty { bytes = whole }
                }
                let connection = try RawConnection(port: node.port)
                connection.setReadLimit(seconds: 1)
                connection.write(bytes)
                connection.finish()
                _ = await connection.readAll()
            }
            #expect(try await node.send(.GET, "/healthz").status == 200)
            #expect(try await node.call("cat", "still here").text == "still here")
        }
    }

    /// Waits a while, since an answer goes out on the loop of its connection, which may be quicker than the one its call
    /// ends on.
    private static func expectNoOpenCalls(of function: String, on node: TestNode) async throws {
        func open() async throws -> [ExecutionRecord] {
            try await node.send(.GET, "/v1/executions?function=\(function)&state=queued,running")
                .json(ExecutionList.self).executions
        }
        for _ in 0..<600 where try await !open().isEmpty { try await Task.sleep(for: .milliseconds(25)) }
        #expect(try await open().isEmpty)
    }
}
