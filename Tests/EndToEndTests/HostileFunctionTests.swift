import Domain
import Foundation
import Testing

/// Functions and callers that mean harm to what is around the sandbox: logs, metrics, headers, frames, names.
@Suite("Hostile functions", .timeLimit(.minutes(5)))
struct HostileFunctionTests {
    @Test("metrics cannot be forged by names of metrics", arguments: Account.available)
    func metrics(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython(
                "forger",
                #"""
                NAMES = ["a\nforged_total 666", "b{x=\"1\"} 666\nforged_total", "c\r\n# TYPE forged counter", "é\u0000x",
                         "d" * 5000, "", "godwit_calls_total", "e\"} forged_total 666"]
                def handle(event, context):
                    for name in NAMES:
                        context.metric(name, 666)
                    for number in range(3000): context.metric(f"many_{number}", float("nan"), "gauge")
                    return "done"
                """#
            )
            #expect(try await node.call("forger").text == "done")
            #expect(try await node.call("forger").status == 200)
            let text = try await node.send(.GET, "/metrics").text
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(!lines.contains { $0.hasPrefix("forged") || $0.hasPrefix("# TYPE forged") })
            #expect(!lines.contains { $0.hasPrefix("godwit_calls_total") && $0.hasSuffix(" 666") })
            #expect(text.utf8.count < 4 << 20, "a function can make metrics without end")
        }
    }

    @Test("headers of an answer cannot begin a second answer or pass for the node's", arguments: Account.available)
    func headers(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython(
                "splitter",
                #"""
                import os, struct
                EVIL = {"plain": [("x-a", "1\r\nset-cookie: evil=1\r\n\r\nHTTP/1.1 200 OK\r\n")], "name": [("x\r\nevil", "1")],
                        "own": [("godwit-node", "elsewhere"), ("x-call-id", "forged"), ("godwit-error", "platform")],
                        "length": [("content-length", "3")], "chunks": [("transfer-encoding", "chunked")],
                        "hop": [("connection", "close, x-a"), ("upgrade", "websocket")], "null": [("x-a", "a\0b")]}
                def handle(event, context):
                    pairs = EVIL[event.text]
                    payload = struct.pack("<HH", 200, len(pairs))
                    for name, value in pairs:
                        payload += struct.pack("<H", len(name)) + name.encode() + struct.pack("<I", len(value)) + value.encode()
                    payload += b"body"
                    call = context._call.number
                    os.write(3, struct.pack("<IBBHQ", len(payload), 4, 1, 0, call) + payload)
                    return "late"
                """#
            )
            for what in ["plain", "name", "own", "length", "chunks", "hop", "null"] {
                let answer = try await node.call("splitter", what)
                #expect(answer.header("set-cookie") == nil && answer.header("evil") == nil, "\(what)")
                #expect(
                    answer.header("x-call-id") != "forged" && answer.header("godwit-node") != "elsewhere",
                    "\(what)"
                )
                #expect(answer.header("upgrade") == nil, "\(what)")
                // The connection is still in step: the next answer is that of the next call.
                #expect(try await node.call("splitter", "unknown").status == 502)
            }
        }
    }

    @Test(
        "frames for calls of others, out of order and without end are the end of the instance",
        arguments: Account.available
    )
    func frames(_ account: Account) async throws {
        // More violations than a version gets away with otherwise.
        let config = try Configuration.file("sandbox: {quarantine: {violations: 0}}\n")
        defer { Configuration.remove(config) }
        try await TestNode.run(as: account, options: ["--config", config]) { node in
            try await node.publishPython(
                "liar",
                #"""
                import os, struct
                def frame(kind, call, payload=b"", end=1, reserved=0): return struct.pack("<IBBHQ", len(payload), kind, end, reserved, call) + payload
                def head(status, count): return struct.pack("<HH", status, count)
                def evil(n): return {"other": frame(4, 999, head(200, 0)), "request": frame(2, n, b"x" * 40), "kind": frame(200, n),
                        "huge": struct.pack("<IBBHQ", 0xffffffff, 4, 0, 0, n), "reserved": frame(4, n, b"", 1, 7),
                        "ready": frame(1, 0, b"\1"), "status": frame(4, n, head(99, 0)), "many": frame(4, n, head(200, 65535)),
                        "window": frame(7, n, struct.pack("<I", 0xffffffff) * 3), "body": frame(3, n, b"no head"),
                        "twice": frame(4, n, head(200, 0), 0) * 2, "cut": frame(4, n, head(200, 3) + b"\5"),
                        "level": frame(6, n, b"\xff"), "metric": frame(9, n, b"\xff"), "failure": frame(5, n, b"\xff\xff")}
                def handle(event, context):
                    os.write(3, evil(context._call.number)[event.text])
                    import time; time.sleep(3)
                    return "alive"
                """#,
                "timeout: 5s"
            )
            try await node.publishPython("honest", "def handle(event, context): return 'well'\n")
            let kinds = [
                "other", "request", "kind", "huge", "reserved", "ready", "status", "many", "window", "body", "twice",
                "cut",
                "level", "metric", "failure",
            ]
            for what in kinds {
                async let good = node.call("honest")
                if what == "twice" {
                    // The first head was passed on: the answer can only be broken off.
                    await #expect(throws: (any Error).self) { try await node.call("liar", what) }
                } else {
                    let answer = try await node.call("liar", what)
                    #expect(answer.status == 502, "\(what): \(answer.status) \(answer.text)")
                    #expect(answer.header("godwit-error") == "function", "\(what)")
                }
                #expect(try await good.text == "well")
            }
        }
    }

    @Test(
        "a function that floods its log is cut, which is told; what it writes later is kept",
        arguments: ["print", "log"]
    )
    func flood(_ way: String) async throws {
        let config = try Configuration.file("limits: {logRate: 64KiB}\n")
        defer { Configuration.remove(config) }
        try await TestNode.run(as: .ordinary, options: ["--config", config]) { node in
            try await node.publishPython(
                "flooder",
                """
                import logging
                def handle(event, context):
                    count, mark = event.text.split()
                    for _ in range(int(count)):
                        if event.path == "/log": logging.info(mark + "x" * 1000)
                        else: print(mark + "x" * 1000)
                    return "done"
                """
            )
            func lines(with text: String) async throws -> [Substring] {
                try await node.send(.GET, "/v1/functions/flooder/logs?limit=10000").text.split(separator: "\n")
                    .filter { $0.contains(text) }
            }
            let start = ContinuousClock.now
            #expect(try await node.call("flooder/\(way)", "1500 first").text == "done")
            // The bucket of four seconds and what has come into it, and a piece above it; a line costs more than its bytes.
            let seconds = Int((ContinuousClock.now - start).components.seconds) + 1
            let kept = try await lines(with: "firstx").count
            #expect(kept >= 150 && kept <= 65_536 * (4 + seconds + 1) / 1_100, "\(kept)")
            // Once the debt is paid back, lines are kept again.
            for _ in 0..<400 where try await lines(with: "laterx").isEmpty {
                #expect(try await node.call("flooder/\(way)", "1 later").status == 200)
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try await !lines(with: "laterx").isEmpty)
            for _ in 0..<200 where try await lines(with: "bytes of logs were dropped").isEmpty {
                try await Task.sleep(for: .milliseconds(50))
            }
            let told = try await lines(with: "bytes of logs were dropped")
            #expect(!told.isEmpty && told.allSatisfy { $0.contains("\"platform\"") && $0.contains("64KiB a second") })
            func dropped() async throws -> Int {
                let metrics = try await node.send(.GET, "/metrics").text.split(separator: "\n")
                let line = metrics.first { $0.hasPrefix("godwit_log_dropped_bytes_total{function=\"flooder\"}") }
                return line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
            }
            // It is told once a second, so that a slow call is told of in parts.
            for _ in 0..<200 where try await dropped() < (1500 - kept) * 1_000 {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try await dropped() >= (1500 - kept) * 1_000)
        }
    }

    @Test("names that look like paths, like other names, or like nothing reach no function and no file")
    func names() async throws {
        try await TestNode.run(as: .ordinary) { node in
            try await node.publishPython("real", "def handle(event, context): return 'real'\n")
            let odd = [
                "..%2freal", "real%2f..%2f..%2f..%2fetc%2fpasswd", "real%00", "re%61l%0d%0ax", "REAL", "r%D0%B5al",
                "real.",
                "real%20", "%2e%2e", ".", "-real", "real--", "real:0", "real:-1", "real:99999999999999999999",
                "real:1:1",
                String(repeating: "a", count: 300), String(repeating: "%41", count: 2000), "r\u{e9}al",
                "real%F0%9F%90%A6",
            ]
            for name in odd {
                let path = name.addingPercentEncoding(
                    withAllowedCharacters: CharacterSet(charactersIn: "\u{21}"..."\u{7e}")
                )
                let answer = try await node.call(path ?? name)
                #expect((400..<500).contains(answer.status), "\(name): \(answer.status) \(answer.text.prefix(80))")
                #expect(answer.text.utf8.count < 2000, "\(name) is given back without bound")
            }
            #expect(try await node.call("real").text == "real")
            for name in [
                "a/../b", "..", "UPPER", "with space", "caf\u{e9}", "а-cyrillic", String(repeating: "x", count: 200),
                "",
            ] {
                let bad = try await node.upload(
                    "x",
                    manifest: "name: \"\(name)\"\nruntime: python3\n",
                    files: [("handler.py", "def handle(e, c): return 1\n", false)]
                )
                #expect(bad.status == 400, "\(name): \(bad.status)")
            }
        }
    }
}
