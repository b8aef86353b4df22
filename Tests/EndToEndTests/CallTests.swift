import Domain
import Foundation
import Testing

/// Calls of functions over HTTP, as root and as an ordinary user.
@Suite("Calls", .timeLimit(.minutes(3)))
struct CallTests {
    private static let mirror = """
        import json
        def handle(event, context):
            headers = {"Content-Type": "application/json", "X-Own": "yes", "X-Call-Id": "forged", "Godwit-Node": "forged"}
            return 207, json.dumps({"method": event.method, "path": event.path, "query": event.query,
                "headers": dict(event.headers), "body": event.text, "trace": context.traceparent,
                "function": context.function}), headers
        """

    private struct Mirror: Decodable {
        let method: String
        let path: String
        let query: String
        let headers: [String: String]
        let body: String
        let trace: String
        let function: String
    }

    @Test(
        "verb, path, query, headers, body and status pass through; the node's own headers cannot be forged",
        arguments: Account.available
    )
    func passThrough(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython("mirror", Self.mirror)
            let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            let answer = try await node.send(
                .PATCH,
                "/function/mirror/a/b%20c?x=1&y=%26",
                body: Array("hello".utf8),
                headers: [("X-Device", "7"), ("traceparent", trace), ("connection", "keep-alive")]
            )
            #expect(answer.status == 207)
            let seen = try answer.json(Mirror.self)
            #expect(
                seen.method == "PATCH" && seen.path == "/a/b%20c" && seen.query == "x=1&y=%26" && seen.body == "hello"
            )
            #expect(seen.headers["x-device"] == "7")
            #expect(seen.headers["authorization"] == nil, "a function must not see the platform's token")
            #expect(seen.trace.hasPrefix("00-0af7651916cd43dd8448eb211c80319c-") && seen.trace != trace)
            #expect(answer.header("x-own") == "yes")
            #expect(answer.header("x-call-id") != "forged" && answer.header("x-call-id")?.count == 26)
            #expect(answer.header("godwit-node") != "forged")
            #expect(answer.header("godwit-start") == "cold")
            #expect(answer.header("godwit-energy")?.hasSuffix("J; method=model") == true)
            #expect(answer.header("server-timing")?.contains("spawn;dur=") == true)
            let again = try await node.call("mirror")
            #expect(again.header("godwit-start") == "warm")
        }
    }

    @Test("a record tells state, phases, CPU, memory and joules", arguments: Account.available)
    func record(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython(
                "busy",
                "import time\ntime.sleep(0.08)\ndef handle(event, context):\n    sum(range(3_000_000))\n    print('worked')\n    return 'ok'\n",
                // One start alone: none of a fork that is ready ahead.
                "fork: false"
            )
            let answer = try await node.call("busy", "x")
            let id = try #require(answer.header("x-call-id"))
            let record = try await node.awaitEnd(of: id)
            #expect(record.state == .succeeded && record.status == 200 && record.start == .cold)
            #expect(record.use.cpuNanoseconds > 10_000_000)
            #expect(record.use.joules > 0)
            let phases = record.phases
            #expect(phases.exec > 0 && phases.spawn > phases.exec && phases.run > 0, "\(phases)")
            // What the module does when it is imported is the function's; the interpreter's own start is not.
            #expect(phases.function >= 80_000_000 && phases.initialise > phases.function, "\(phases)")
            let timing = answer.header("server-timing") ?? ""
            for part in ["queue;", "spawn;", "exec;", "init;", "function;", "run;"] {
                #expect(timing.contains(part), "\(timing)")
            }
            let metrics = try await node.send(.GET, "/metrics").text
            for part in ["spawn", "exec", "runtime", "function", "first_answer"] {
                #expect(metrics.contains("godwit_start_seconds_count{function=\"busy\",phase=\"\(part)\"} 1"))
            }
            if account == .root { #expect(record.use.memoryPeakBytes > 1 << 20) }
            let logs = try await node.send(.GET, "/v1/executions/\(id)/logs").json(LogList.self)
            #expect(logs.logs.contains { $0.message == "worked" })
            let decision = try await node.send(.GET, "/v1/executions/\(id)/decision")
            #expect(decision.status == 200 && decision.text.contains("adaptive"))
        }
    }

    @Test("a function's errors and the platform's never look alike", arguments: Account.available)
    func failures(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython(
                "fails",
                """
                import os, sys, time
                def handle(event, context):
                    print("before the end")
                    what = event.text
                    if what == "raise": raise ValueError("no such sensor")
                    if what == "exit": os._exit(3)
                    if what == "abort": os.abort()
                    if what == "hang": time.sleep(60)
                    if what == "memory":
                        keep = []
                        while True: keep.append(bytearray(8 << 20))
                    if what == "fork": os.fork()
                    if what == "garbage": os.write(3, b"\\xff" * 64); time.sleep(5)
                    if what == "close": os.close(3); time.sleep(30)
                    if what == "flood":
                        while True: print("x" * 1000)
                    return 503, "the function's own 503"
                """,
                "timeout: 2s\nmemory: 64MiB"
            )
            let expected: [(String, Int, CallFailure.Kind)] = [
                ("raise", 502, .error), ("exit", 502, .crash), ("abort", 502, .crash), ("hang", 504, .timeLimit),
                ("memory", 502, .memoryLimit), ("fork", 502, .seccomp), ("garbage", 502, .malformed),
                ("close", 502, .crash), ("flood", 502, .outputLimit),
            ]
            for (what, status, kind) in expected {
                let answer = try await node.call("fails", what)
                #expect(answer.status == status, "\(what): \(answer.text)")
                #expect(answer.problem?.kind == kind.rawValue, "\(what): \(answer.text)")
                #expect(answer.header("godwit-error") == "function", "\(what)")
                if what == "raise" {
                    #expect(answer.problem?.detail.contains("ValueError: no such sensor") == true)
                    #expect(answer.problem?.logs?.contains("before the end") == true)
                }
            }
            let own = try await node.call("fails", "nothing")
            #expect(own.status == 503 && own.header("godwit-error") == nil && own.text == "the function's own 503")
            let unknown = try await node.call("nobody", "x")
            #expect(unknown.status == 404 && unknown.header("godwit-error") == "platform")
            #expect(unknown.problem?.kind == "function.unknown")
        }
    }

    @Test("a program's standard output is the answer, and its exit status decides", arguments: Account.available)
    func programs(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishScript(
                "upper",
                "#!/bin/sh\n[ \"$QUERY_STRING\" = fail ] && { echo 'it broke' >&2; exit 4; }\necho \"$REQUEST_METHOD $PATH_INFO\"; tr a-z A-Z\n"
            )
            let answer = try await node.call("upper/sub", "hello")
            #expect(answer.status == 200 && answer.text == "POST /sub\nHELLO")
            let failed = try await node.call("upper?fail", "hello")
            #expect(failed.status == 502 && failed.problem?.detail.contains("exit status 4") == true)
            #expect(failed.problem?.logs == ["it broke"])
        }
    }

    @Test("large bodies stream both ways, and come back whole", arguments: Account.available, Connections.allCases)
    func largeBodies(_ account: Account, _ connections: Connections) async throws {
        try await TestNode.run(as: account, connections: connections) { node in
            try await node.publishScript("cat", "#!/bin/sh\nexec cat\n", "memory: 64MiB\ntimeout: 120s")
            let body = (0..<(24 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            let answer = try await node.send(.POST, "/function/cat", body: body)
            #expect(answer.status == 200)
            #expect(answer.body == body)
        }
    }

    @Test(
        "a Python generator streams, with back-pressure for a slow reader",
        arguments: Account.available,
        Connections.allCases
    )
    func streaming(_ account: Account, _ connections: Connections) async throws {
        try await TestNode.run(as: account, connections: connections) { node in
            try await node.publishPython(
                "stream",
                "def handle(event, context):\n    return (b'%06d' % n * 1000 for n in range(2000))\n",
                "memory: 64MiB"
            )
            let answer = try await node.call("stream")
            #expect(answer.body.count == 2000 * 6000)
            #expect(answer.text.hasPrefix("000000") && answer.text.hasSuffix("001999"))
        }
    }

    @Test(
        "several calls at once share an instance where the function says so",
        arguments: Account.available,
        Connections.allCases
    )
    func concurrency(_ account: Account, _ connections: Connections) async throws {
        try await TestNode.run(as: account, connections: connections) { node in
            try await node.publishPython(
                "together",
                """
                import os, threading
                barrier = threading.Barrier(4, timeout=20)
                def handle(event, context):
                    barrier.wait()
                    return str(id(barrier))
                """,
                "concurrency: 4\ninstances: {max: 1}"
            )
            let answers = try await withThrowingTaskGroup(of: TestNode.Answer.self) { group in
                for _ in 0..<4 { group.addTask { try await node.call("together") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 200 }, "\(answers.map(\.text))")
            #expect(Set(answers.map(\.text)).count == 1)
        }
    }

    @Test("reuse: never gives every call a process of its own", arguments: Account.available)
    func neverReused(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython(
                "once",
                "calls = 0\ndef handle(event, context):\n    global calls\n    calls += 1\n    return str(calls)\n",
                "reuse: never"
            )
            for _ in 0..<3 {
                let answer = try await node.call("once")
                #expect(answer.text == "1" && answer.header("godwit-start") == "cold")
            }
        }
    }

    @Test("a full queue answers 429 with Retry-After, at once", arguments: Account.available, Connections.allCases)
    func overload(_ account: Account, _ connections: Connections) async throws {
        let config = try Configuration.file("limits: {queue: 2, \(connections.limits)}\n")
        defer { Configuration.remove(config) }
        try await TestNode.run(as: account, options: ["--config", config]) { node in
            try await node.publishPython(
                "slow",
                "import time\ndef handle(event, context):\n    time.sleep(2)\n    return 'ok'\n",
                "instances: {max: 1}"
            )
            let answers = try await withThrowingTaskGroup(of: TestNode.Answer.self) { group in
                for _ in 0..<10 { group.addTask { try await node.call("slow") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let refused = answers.filter { $0.status == 429 }
            #expect((1...7).contains(refused.count), "\(answers.map(\.status))")
            #expect(refused.allSatisfy { $0.header("retry-after") != nil && $0.problem?.kind == "platform.overloaded" })
            #expect(answers.filter { $0.status == 200 }.count == 10 - refused.count)
        }
    }

    @Test(
        "a caller's X-Timeout shortens the deadline, and the deadline is absolute",
        arguments: Account.available,
        Connections.allCases
    )
    func deadlines(_ account: Account, _ connections: Connections) async throws {
        try await TestNode.run(as: account, connections: connections) { node in
            try await node.publishPython(
                "sleeps",
                "import time\ndef handle(event, context):\n    time.sleep(float(event.text))\n    return str(context.remaining())\n"
            )
            #expect(try await node.call("sleeps", "0").status == 200)
            let short = try await node.call("sleeps", "20", headers: [("X-Timeout", "300ms")])
            #expect(short.status == 504 && short.problem?.kind == "limit.time")
            let rest = try await node.call("sleeps", "0", headers: [("X-Timeout", "5s")])
            let remaining = try #require(Double(rest.text))
            #expect(remaining > 0 && remaining <= 5)
            let wrong = try await node.call("sleeps", "0", headers: [("X-Timeout", "soon")])
            #expect(wrong.status == 400)
        }
    }

    @Test("an instance that is killed fails its caller alone", arguments: Account.available)
    func killedInstance(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython(
                "victim",
                "import os, time, signal\ndef handle(event, context):\n    if event.text == 'die': os.abort()\n    time.sleep(0.4)\n    return 'ok'\n"
            )
            let answers = try await withThrowingTaskGroup(of: (String, TestNode.Answer).self) { group in
                for text in ["live", "die", "live", "live"] {
                    group.addTask { (text, try await node.call("victim", text)) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for (text, answer) in answers { #expect(answer.status == (text == "die" ? 502 : 200)) }
        }
    }

    @Test("a new version takes over without losing a call", arguments: Account.available)
    func update(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            func source(_ version: Int) -> String {
                "import time\ndef handle(event, context):\n    time.sleep(0.05)\n    return 'v\(version)'\n"
            }
            try await node.publishPython("app", source(1))
            let results = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        var seen: [String] = []
                        while seen.last != "v2", seen.count < 1000 {
                            let answer = try await node.call("app")
                            seen.append(answer.status == 200 ? answer.text : "status \(answer.status)")
                        }
                        return seen
                    }
                }
                try await Task.sleep(for: .milliseconds(500))
                try await node.publishPython("app", source(2))
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(results.joined()) == ["v1", "v2"])
            #expect(results.allSatisfy { $0.last == "v2" })
        }
    }

    @Test(
        "instances.min are there before the first call, and idle ones beyond it go away",
        arguments: Account.available
    )
    func minimumInstances(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython(
                "kept",
                "def handle(event, context):\n    return 'ok'\n",
                "instances: {min: 1, max: 3, keepAlive: 200ms}"
            )
            func idle() async throws -> Int {
                try await node.send(.GET, "/v1/nodes").json(NodeList.self).nodes.first?.instances["idle"] ?? -1
            }
            for _ in 0..<200 where try await idle() != 1 { try await Task.sleep(for: .milliseconds(25)) }
            #expect(try await idle() == 1)
            let answer = try await node.call("kept")
            #expect(answer.header("godwit-start") == "warm")
            _ = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 { group.addTask { try await node.call("kept").status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for _ in 0..<200 where try await idle() != 1 { try await Task.sleep(for: .milliseconds(25)) }
            #expect(try await idle() == 1)
        }
    }
}
