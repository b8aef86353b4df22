import FunctionKit
import Testing

/// The Python harness speaks the same frames as FunctionKit.
@Suite(.enabled(if: PythonInstance.isPossible), .timeLimit(.minutes(1)))
struct HarnessTests {
    private static let handler = #"""
        import time
        from godwit import FunctionError, Response

        ready = []

        def initialise():
            ready.append("yes")

        def handle(event, context):
            match event.path:
                case "/echo": return Response(event.body, headers={"A": "b"})
                case "/json": return {"id": context.call_id, "ready": ready, "late": context.remaining() <= 0}
                case "/query": return event.query_items.get("x", "none")
                case "/stream": return (b"x" * 10_000 for _ in range(100))
                case "/tuple": return 201, "made", {"Location": "/1"}
                case "/none": return None
                case "/fail": return 1 // 0
                case "/404": raise FunctionError("NotFound", "no", 404)
                case "/bad": return 42, "no such status"
                case "/log":
                    context.log.warning("careful")
                    context.metric("level", 2, "gauge")
                    return ""
                case "/cancel":
                    while not context.cancelled: time.sleep(0.001)
                    return "never seen"
        """#

    private func serve(_ concurrency: Int, _ test: (TestNode) async throws -> Void) async throws -> Int32 {
        let instance = try PythonInstance(Self.handler, concurrency: concurrency)
        let ready = try #require(try await instance.node.receive())
        // The version, and how long the function took to initialise.
        #expect(ready.type == .ready && ready.call == 0 && ready.payload.first == 1 && ready.payload.count == 10)
        try await test(instance.node)
        instance.node.close()
        return try await instance.wait()
    }

    @Test("what a handler returns becomes the answer it means", arguments: [1, 4])
    func answers(concurrency: Int) async throws {
        let status = try await serve(concurrency) { node in
            var call: UInt64 = 0
            func answer(_ path: String, _ body: [UInt8] = []) async throws -> TestNode.Answer {
                call += 1
                try node.request(call, path: path, body: body)
                return try await node.answer(call)
            }
            let echo = try await answer("/echo", [1, 2, 3])
            #expect(echo.status == 200)
            #expect(echo.body == [1, 2, 3])
            #expect(echo.headers.first == HeaderField("A", "b"))
            #expect(try await answer("/json").text == #"{"id":"id-2","ready":["yes"],"late":false}"#)
            #expect(try await answer("/query").text == "none")
            #expect(try await answer("/stream").body.count == 1_000_000)
            let made = try await answer("/tuple")
            #expect(made.status == 201)
            #expect(made.headers.first == HeaderField("Location", "/1"))
            #expect(try await answer("/none").status == 204)
            #expect(try await answer("/404").status == 404)
            #expect(try await answer("/bad").failure?.type == "InvalidResponse")
            let log = try await answer("/log")
            #expect(log.others.map(\.type) == [.log, .metric])
            let failed = try await answer("/fail")
            #expect(failed.failure?.type == "ZeroDivisionError")
            #expect(failed.others.map(\.type) == [.log])
        }
        #expect(status == 0)
    }

    @Test("bodies in pieces, cancellation and limits", arguments: [1, 4])
    func bodies(concurrency: Int) async throws {
        _ = try await serve(concurrency) { node in
            try node.request(1, path: "/echo", isEnd: false)
            for _ in 0..<3 { try node.send(Frame(.body, call: 1, payload: [UInt8](repeating: 9, count: 65_536))) }
            #expect(try await node.receive()?.type == .window)
            try node.send(Frame(.body, call: 1, isEnd: true))
            #expect(try await node.answer(1).body.count == 3 * 65_536)
            try node.request(2, path: "/cancel")
            try node.send(Frame(.cancel, call: 2, isEnd: true))
            #expect(try await node.answer(2).failure?.type == "Cancelled")
            try node.send(Frame(.body, call: 2, payload: [1]))
            try node.request(3, path: "/echo", body: [5])
            #expect(try await node.answer(3).body == [5])
        }
    }

    @Test(
        "a broken protocol ends it with 70",
        arguments: [
            Frame(.ready, call: 0), Frame(.body, call: 77), Frame(.request, call: 5, payload: [1]),
            Frame(.log, call: 1),
        ]
    )
    func violation(frame: Frame) async throws {
        let status = try await serve(1) { node in
            try node.send(frame)
            while try await node.receive() != nil {}
        }
        #expect(status == 70)
    }
}
