import Domain
import Foundation
import Testing

/// What an operator sees and does.
@Suite("Operating", .timeLimit(.minutes(3)))
struct OperateTests {
    private static let hello =
        "def handle(event, context):\n    print('said hello')\n    context.metric('greetings', 1)\n    return 'hello'\n"

    @Test(
        "promtool accepts the metrics, and they count right",
        .enabled(if: Command.isInstalled("/usr/bin/promtool"), "needs promtool (Debian: prometheus)")
    )
    func metrics() async throws {
        try await TestNode.run(as: .ordinary) { node in
            try await node.publishPython("hello", Self.hello)
            for _ in 0..<5 { _ = try await node.call("hello") }
            _ = try await node.call("nobody")
            let metrics = try await node.send(.GET, "/metrics")
            #expect(metrics.header("content-type")?.hasPrefix("text/plain; version=0.0.4") == true)
            let text = metrics.text
            #expect(text.contains("godwit_calls_total{function=\"hello\",outcome=\"ok\"} 5"))
            #expect(text.contains("godwit_starts_total{function=\"hello\",start=\"cold\"} 1"))
            #expect(text.contains("godwit_starts_total{function=\"hello\",start=\"warm\"} 4"))
            #expect(text.contains("godwit_call_duration_seconds_count{function=\"hello\"} 5"))
            #expect(text.contains("godwit_start_seconds_count{function=\"hello\",phase=\"spawn\"} 1"))
            #expect(text.contains("godwit_function_greetings_total{function=\"hello\"} 5"))
            let checked = try await Command.run(["/usr/bin/promtool", "check", "metrics"], input: text)
            #expect(checked.status == 0, "\(checked.output)")
        }
    }

    @Test("logs can be read and followed, and cannot be forged")
    func logs() async throws {
        try await TestNode.run(as: .ordinary) { node in
            let source = "def handle(event, context):\n    print(event.text)\n    return 'ok'\n"
            try await node.publishPython("talks", source)
            let forged = "line\u{1b}[31m\u{0}\" , \"level\":\"critical\""
            _ = try await node.call("talks", forged)
            let lines = try await node.send(.GET, "/v1/functions/talks/logs").text.split(separator: "\n")
            let entries = try lines.map { try JSONDecoder().decode(LogEntry.self, from: Data($0.utf8)) }
            #expect(entries.map(\.message) == [forged])
            #expect(entries.first?.level == "info" && entries.first?.execution != nil)
        }
    }

    @Test("SIGTERM lets running calls end, and nothing is left behind", arguments: Account.available)
    func drain(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython(
                "slow",
                "import time\ndef handle(event, context):\n    time.sleep(1)\n    return 'finished'\n"
            )
            async let answer = node.call("slow")
            try await Task.sleep(for: .milliseconds(500))
            try await node.stop()
            #expect(try await answer.text == "finished")
            #expect(Leftovers.groups(named: "godwit-t-" + (node.data.split(separator: "-").last ?? "")).isEmpty)
        }
    }

    @Test("drain is bounded: what does not end in time is ended")
    func boundedDrain() async throws {
        try await TestNode.run(as: .ordinary, options: ["--drain", "1s"]) { node in
            try await node.publishPython(
                "stuck",
                "import time\ndef handle(event, context):\n    time.sleep(60)\n",
                "timeout: 2m"
            )
            async let answer = node.call("stuck")
            try await Task.sleep(for: .milliseconds(500))
            let began = ContinuousClock.now
            try await node.stop()
            #expect(ContinuousClock.now - began < .seconds(40))
            _ = try? await answer
        }
    }

    @Test("kill −9 of the node leaves no process, and the next start works and cleans up", arguments: Account.available)
    func killed(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython("hello", Self.hello, "instances: {min: 2}")
            _ = try await node.call("hello")
            node.kill()
            for _ in 0..<200 where !Leftovers.processes(of: node.data).isEmpty {
                try await Task.sleep(for: .milliseconds(25))
            }
            #expect(Leftovers.processes(of: node.data).isEmpty)
            try await node.start()
            #expect(try await node.call("hello").text == "hello")
        }
    }

    @Test("the same bundle twice is one version; aliases split; delete refuses while an alias points there")
    func versions() async throws {
        try await TestNode.run(as: .ordinary) { node in
            func source(_ text: String) -> String { "def handle(event, context):\n    return '\(text)'\n" }
            #expect(try await node.publishPython("app", source("one")).version.value == 1)
            let again = try await node.publishPython("app", source("one"))
            #expect(again.version.value == 1 && !again.isNew)
            #expect(try await node.publishPython("app", source("two")).version.value == 2)
            #expect(try await node.call("app").text == "two")
            #expect(try await node.call("app:1").text == "one")
            let target = AliasTarget(version: .first)
            let live = try await node.send(
                .PUT,
                "/v1/functions/app/aliases/live",
                body: Array(try JSONEncoder().encode(target))
            )
            #expect(live.status == 200)
            #expect(try await node.call("app").text == "one")
            let refused = try await node.send(.DELETE, "/v1/functions/app/versions/1")
            #expect(refused.status == 409 && refused.problem?.kind == "function.alias-points")
            let split = AliasTarget(version: .first, split: try Alias.Split(version: try VersionNumber(2), share: 0.5))
            _ = try await node.send(
                .PUT,
                "/v1/functions/app/aliases/live",
                body: Array(try JSONEncoder().encode(split))
            )
            var seen: [String: Int] = [:]
            for _ in 0..<60 { seen[try await node.call("app").text, default: 0] += 1 }
            #expect((seen["one"] ?? 0) > 5 && (seen["two"] ?? 0) > 5, "\(seen)")
            #expect(try await node.send(.DELETE, "/v1/functions/app/aliases/live").status == 204)
            #expect(try await node.send(.DELETE, "/v1/functions/app").status == 204)
            #expect(try await node.call("app").status == 404)
            #expect(
                try await node.publishPython("app", source("three")).version.value == 3,
                "numbers are not used again"
            )
        }
    }

    @Test("bad manifests and bundles get an error that says what would be right")
    func badBundles() async throws {
        try await TestNode.run(as: .ordinary) { node in
            let typo = try await node.upload(
                "app",
                manifest: "name: app\nruntime: python3\nmemroy: 1MiB\n",
                files: [("handler.py", "", false)]
            )
            #expect(
                typo.status == 400 && typo.problem?.detail.contains("did you mean 'memory'?") == true,
                "\(typo.text)"
            )
            let other = try await node.upload(
                "app",
                manifest: "name: other\nruntime: python3\n",
                files: [("handler.py", "", false)]
            )
            #expect(other.status == 400 && other.problem?.detail.contains("'other'") == true)
            let garbage = try await node.send(.PUT, "/v1/functions/app", body: Array("not a bundle".utf8))
            #expect(garbage.status == 400, "\(garbage.text)")
            let huge = try await node.upload(
                "app",
                manifest: "name: app\nruntime: python3\nmemory: 60GiB\n",
                files: [("handler.py", "", false)]
            )
            #expect(huge.status == 400)
            let left = try FileManager.default.contentsOfDirectory(atPath: node.data + "/bundles")
            #expect(left.isEmpty, "\(left)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: node.data + "/uploads").isEmpty)
        }
    }

    @Test(
        "a node that was started as root keeps root in its spawner alone",
        .enabled(if: Account.available.contains(.root), "needs to be run as root")
    )
    func privileges() async throws {
        try await TestNode.run(as: .root) { node in
            try await node.publishPython("hello", Self.hello)
            _ = try await node.call("hello")
            let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(node.pid)/task")
            #expect(threads.count > 1)
            for thread in threads {
                let status = try String(contentsOfFile: "/proc/\(node.pid)/task/\(thread)/status", encoding: .utf8)
                let lines = status.split(separator: "\n").map(String.init)
                let users = lines.first { $0.hasPrefix("Uid:") }?.split(separator: "\t").dropFirst() ?? []
                #expect(!users.isEmpty && !users.contains("0"), "thread \(thread): \(users)")
                for set in ["CapEff:", "CapPrm:", "CapBnd:", "CapAmb:"] {
                    let value = lines.first { $0.hasPrefix(set) }?.split(separator: "\t").last
                    #expect(value == "0000000000000000", "thread \(thread): \(set) \(value ?? "?")")
                }
            }
        }
    }

    @Test("a second node on the same data folder is refused, and the first goes on")
    func twoNodes() async throws {
        try await TestNode.run(as: .ordinary) { node in
            let words =
                Account.ordinary.prefix + [Programs.godwit, "up", "--data", node.data, "--listen", "127.0.0.1:0"]
            let second = try await Command.run(words)
            #expect(second.status == 1, "\(second.output)")
            #expect(try await node.send(.GET, "/healthz").status == 200)
        }
    }
}
