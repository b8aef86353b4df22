import Foundation
import Testing

/// Real clients: what people and devices really call with.
@Suite("Clients", .timeLimit(.minutes(3)))
struct ClientTests {
    private static let echo = "def handle(event, context):\n    return event.body\n"

    @Test(
        "curl: keep-alive, chunked upload, HEAD, Expect, large bodies",
        .enabled(if: Command.isInstalled("/usr/bin/curl"), "needs curl")
    )
    func curl() async throws {
        try await TestNode.run(as: .ordinary) { node in
            try await node.publishPython("echo", Self.echo, "memory: 256MiB")
            let target = node.url + "/function/echo"
            let twice = try await Command.run([
                "/usr/bin/curl", "-sSv", "-d", "one", target, "--next", "-sS", "-d", "two", target,
            ])
            #expect(twice.output.contains("one") && twice.output.contains("two"))
            #expect(twice.output.contains("Re-using existing connection"))
            let file = NSTemporaryDirectory() + "curl-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: file) }
            try Data((0..<(3 << 20)).map { UInt8(truncatingIfNeeded: $0 / 7) }).write(to: URL(fileURLWithPath: file))
            for more in [["-H", "Transfer-Encoding: chunked"], ["-H", "Expect: 100-continue"], []] {
                let words = [
                    "/bin/sh", "-c",
                    "curl -sS \(more.map { "'\($0)'" }.joined(separator: " ")) --data-binary @\(file) \(target) | cmp - \(file) && echo same",
                ]
                #expect(try await Command.run(words).output == "same\n", "\(more)")
            }
            let head = try await Command.run(["/usr/bin/curl", "-sSI", target])
            #expect(head.output.hasPrefix("HTTP/1.1 200") && head.output.lowercased().contains("x-call-id"))
        }
    }

    @Test(
        "Python requests: sessions, JSON, errors",
        .enabled(
            if: FileManager.default.fileExists(atPath: "/usr/lib/python3/dist-packages/requests"),
            "needs python3-requests"
        )
    )
    func pythonRequests() async throws {
        try await TestNode.run(as: .ordinary) { node in
            try await node.publishPython("echo", Self.echo)
            let script = """
                import requests, sys
                s = requests.Session()
                u = sys.argv[1] + "/function/echo"
                for n in range(50):
                    assert s.post(u, json={"n": n}).json() == {"n": n}
                assert s.post(u, data=(b"chunk%d" % n for n in range(100))).content == b"".join(b"chunk%d" % n for n in range(100))
                r = s.get(sys.argv[1] + "/function/nobody")
                assert r.status_code == 404 and r.json()["type"] == "urn:godwit:problem:function.unknown"
                print("fine")
                """
            let result = try await Command.run(["/usr/bin/python3", "-c", script, node.url])
            #expect(result.output == "fine\n", "\(result.output)")
        }
    }

    @Test(
        "10,000 calls over 64 connections give 10,000 right answers, and nothing grows",
        .tags(.slow),
        .enabled(if: Command.isInstalled("/usr/bin/hey"), "needs hey")
    )
    func load() async throws {
        try await TestNode.run(as: .ordinary) { node in
            try await node.publishPython("echo", Self.echo, "concurrency: 8\ninstances: {max: 4}")
            func descriptors() -> Int {
                (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(node.pid)/fd").count) ?? 0
            }
            func resident() -> Int {
                let status = (try? String(contentsOfFile: "/proc/\(node.pid)/status", encoding: .utf8)) ?? ""
                let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
                return Int(line?.split(separator: " ").dropLast().last ?? "") ?? 0
            }
            var counts: [Int] = []
            var kibibytes: [Int] = []
            for _ in 0..<3 {
                let result = try await Command.run([
                    "/usr/bin/hey", "-n", "10000", "-c", "64", "-m", "POST", "-d", "payload",
                    node.url + "/function/echo",
                ])
                #expect(
                    result.output.contains("[200]\t9984 responses") || result.output.contains("[200]\t10000 responses"),
                    "\(result.output)"
                )
                #expect(!result.output.contains("Error distribution"), "\(result.output)")
                try await Task.sleep(for: .milliseconds(300))
                counts.append(descriptors())
                kibibytes.append(resident())
            }
            #expect(counts[2] <= counts[0] + 4, "descriptors grow: \(counts)")
            // The rings of records and decisions fill in the first round; 10,000 calls leaked at 1 KiB would show.
            #expect(kibibytes[2] - kibibytes[1] < 10_000, "memory grows: \(kibibytes) KiB")
            let spawner = try #require(Leftovers.children(of: node.pid).first)
            // Four instances, and what they are forked from.
            #expect(Leftovers.instances(of: spawner).count <= 5)
        }
    }
}
