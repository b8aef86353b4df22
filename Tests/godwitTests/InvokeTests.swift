import ArgumentParser
import Commands
import Testing

@Suite("godwit invoke")
struct InvokeTests {
    private static let id = "01arz3ndektsv4rrffq69g5fav"

    private static func record(_ state: String) -> String {
        """
        {"id":"\(id)","function":"greet","version":1,"isAsync":true,"state":"\(state)",\
        "accepted":"2026-01-31T12:00:00.000000Z","attempts":1,"node":"edge-1","tier":"edge",\
        "phases":{"queue":0,"spawn":0,"initialise":0,"run":1500000},\
        "use":{"cpuNanoseconds":1,"memoryPeakBytes":1,"joules":0.1,"grams":0.01,"energyMethod":"model"},\
        "requestBytes":0,"responseBytes":5,"logs":[]}
        """
    }

    @Test("the call passes through, and the body comes out as it is")
    func call() async throws {
        let body = "hello\u{1b}[0m\r\n"
        try await FakeNode.with({ _ in .init(headers: [("X-Call-Id", Self.id)], body: body) }) { node, url in
            let result = try await perform(
                InvokeCommand.self,
                "greet:live",
                "--data",
                "hi",
                "--path",
                "a b/c",
                "--query",
                "x=1",
                "--header",
                "Accept: text/plain",
                "--timeout",
                "5s",
                "--url",
                url,
                "--token",
                "t"
            )
            #expect(result.code == 0)
            #expect(result.output == body)
            let request = try #require(node.requests.first)
            #expect(request.line == "POST /function/greet:live/a%20b/c?x=1")
            #expect(request.text == "hi")
            #expect(request.headers["accept"] == "text/plain")
            #expect(request.headers["x-timeout"] == "5s")
            #expect(request.headers["authorization"] == "Bearer t")
            let shown = try await perform(InvokeCommand.self, "greet", "-i", "--url", url, asTerminal: true)
            #expect(shown.output.contains("HTTP/1.1 200 OK\nX-Call-Id: \(Self.id)"))
            #expect(shown.output.hasSuffix("hello^[[0m\n"))
            #expect(node.requests.last?.line == "GET /function/greet")
        }
    }

    @Test("bodies come from standard input and from files")
    func bodies() async throws {
        let folder = try TemporaryFolder()
        try folder.write("body", String(repeating: "x", count: 300_000))
        try await FakeNode.with({ _ in .init() }) { node, url in
            _ = try await perform(InvokeCommand.self, "f", "-", "--url", url, "--method", "put", input: "from stdin")
            #expect(node.requests.last?.line == "PUT /function/f")
            #expect(node.requests.last?.text == "from stdin")
            _ = try await perform(InvokeCommand.self, "f", "--file", "\(folder.path)/body", "--url", url)
            #expect(node.requests.last?.body.count == 300_000)
            let missing = try await perform(InvokeCommand.self, "f", "--file", "/nonexistent", "--url", url)
            #expect(missing.code == 1)
        }
    }

    @Test(
        "exit codes tell whose failure it is",
        arguments: [
            (FakeNode.Answer.problem("function.error", status: 502, origin: "function"), 2, "two"),
            (.problem("platform.overloaded", status: 429, origin: "platform"), 1, "the detail"),
            (.problem("token.missing", status: 401, origin: "platform"), 1, "GODWIT_TOKEN"),
            (.init(status: 404, body: "not mine"), 2, "status 404"), (.init(status: 204), 0, ""),
            (.init(isSilent: true), 3, "cannot reach"),
        ] as [(FakeNode.Answer, Int32, String)]
    )
    func exitCodes(answer: FakeNode.Answer, code: Int32, word: String) async throws {
        try await FakeNode.with({ _ in answer }) { _, url in
            let result = try await perform(InvokeCommand.self, "f", "--url", url)
            #expect(result.code == code)
            #expect(result.errors.contains(word) || word.isEmpty)
            #expect(result.output == (answer.status == 404 ? "not mine" : ""))
        }
    }

    @Test("nobody there")
    func unreachable() async throws {
        let result = try await perform(InvokeCommand.self, "f", "--url", "http://127.0.0.1:1")
        #expect(result.code == 3)
        #expect(result.errors.contains("connection refused"))
        #expect(try await perform(InvokeCommand.self, "f").code == 3)
    }

    @Test("asynchronous calls give an id, or wait for the result")
    func asynchronous() async throws {
        try await FakeNode.with({ request in
            switch request.line {
            case "POST /async-function/greet": .json(Self.record("queued"), status: 202)
            case "GET /v1/executions/\(Self.id)?wait=10s": .json(Self.record("succeeded"))
            case "GET /v1/executions/\(Self.id)/result": .init(body: "done")
            default: .init(status: 500)
            }
        }) { node, url in
            let called = try await perform(
                InvokeCommand.self,
                "greet",
                "--async",
                "--idempotency-key",
                "k",
                "--url",
                url
            )
            #expect(called.output == "\(Self.id)\n")
            #expect(node.requests.last?.headers["idempotency-key"] == "k")
            let waited = try await perform(InvokeCommand.self, "greet", "--async", "--wait", "--url", url)
            #expect(waited.output == "done")
            #expect(waited.code == 0)
            let shown = try await perform(ExecutionsShowCommand.self, Self.id, "--wait", "--url", url)
            #expect(shown.output.contains("state     succeeded"))
        }
    }

    @Test(
        "wrong usage is refused before anything is sent",
        arguments: [
            ["A"], ["f", "body"], ["f", "-", "--data", "x"], ["f", "--wait"], ["f", "--idempotency-key", "k"],
            ["f", "--header", "none"], ["f", "--header", "a: b\r\nc: d"], ["f", "--timeout", "soon"],
            ["f", "--async", "--method", "GET"], ["f", "--method", "GET /"],
        ]
    )
    func usage(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try InvokeCommand.parse(arguments) }
        if let error { #expect(InvokeCommand.exitCode(for: error).rawValue == 64) }
    }
}
