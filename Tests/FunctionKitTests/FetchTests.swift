import FunctionKit
import Testing

/// Requests through the egress broker, as a function makes them.
@Suite(.timeLimit(.minutes(1)))
struct FetchTests {
    private func serve(_ test: (TestNode) async throws -> Void) async throws {
        let (near, far) = try System.streamPair()
        async let closure = OwnThread.run {
            defer { System.close(far) }
            let environment = InstanceEnvironment(function: "f", concurrency: 1, maximumBody: 2_000_000)
            return try Launcher.serve(buffered: TestFunction.self, on: far, in: environment)
        }
        let node = try TestNode(near)
        #expect(try await node.receive()?.type == .ready)
        try await test(node)
        node.close()
        _ = try await closure
    }

    /// The number of a fetch before the rest of its payload.
    private func numbered(_ number: UInt32, _ rest: (inout [UInt8]) -> Void) -> [UInt8] {
        var payload: [UInt8] = []
        payload.appendInteger(number)
        rest(&payload)
        return payload
    }

    /// Takes the frames of one request of a call; gives its head, its body and its number.
    private func request(
        _ node: TestNode,
        of call: UInt64
    ) async throws -> (head: FetchHead, body: [UInt8], number: UInt32) {
        let first = try #require(try await node.receive())
        #expect(first.type == .fetch && first.call == call)
        var cursor = ByteCursor()
        let number = cursor.integer(UInt32.self, in: first.payload.span) ?? 0
        // How long it may take.
        _ = cursor.integer(UInt64.self, in: first.payload.span)
        let head = try FetchHead.decode(&cursor, in: first.payload.span)
        var body: [UInt8] = []
        var isEnd = first.isEnd
        while !isEnd {
            let part = try #require(try await node.receive())
            #expect(part.type == .fetchBody)
            body += part.payload[4...]
            isEnd = part.isEnd
        }
        return (head, body, number)
    }

    private func answerHead(_ status: UInt16) -> [UInt8] {
        var bytes: [UInt8] = []
        ResponseHead(status: status, headers: [HeaderField("x-from", "afar")]).encode(to: &bytes)
        return bytes
    }

    @Test("a request goes out with its head and body, and the answer comes in parts")
    func answered() async throws {
        try await serve { node in
            try node.request(1, path: "/fetch", body: Array("https://a.test/x".utf8))
            let (head, body, number) = try await request(node, of: 1)
            #expect(
                head.method == "POST" && head.url == "https://a.test/x" && head.headers == [HeaderField("X-A", "b")]
            )
            #expect(head.followsRedirects && head.bodyLength == 16 && body == Array("https://a.test/x".utf8))
            let start = numbered(number) { $0 += answerHead(207) }
            try node.send(Frame(.fetchResponse, call: 1, payload: start))
            for (part, isEnd) in [("one ", false), ("two", true)] {
                let payload = numbered(number) { $0 += Array(part.utf8) }
                try node.send(Frame(.fetchBody, call: 1, isEnd: isEnd, payload: payload))
            }
            let answer = try await node.answer(1)
            #expect(answer.status == 207 && answer.text == "one two")
        }
    }

    @Test("a refusal is an error of its type, and the next call is not touched by it")
    func refused() async throws {
        try await serve { node in
            for call in 1...2 as ClosedRange<UInt64> {
                try node.request(call, path: "/fetch", body: Array("https://a.test/".utf8))
                let (_, _, number) = try await request(node, of: call)
                let failure = numbered(number) { payload in
                    FailurePayload(type: "egress.denied", message: "host a.test is not listed").encode(to: &payload)
                }
                try node.send(Frame(.fetchFailure, call: call, isEnd: true, payload: failure))
                #expect(try await node.answer(call).failure?.type == "egress.denied")
            }
        }
    }
}
