import Domain
import Foundation
import Testing

/// Instances whose program waits before anybody asks for it: they serve as any other does, and what they were told holds.
@Suite("Programs that wait", .timeLimit(.minutes(5)))
struct StandbyTests {
    /// The process of that node which runs the program of a function and serves nobody, once there is one.
    private func waiting(on node: TestNode) async throws -> Int32 {
        var found: Int32?
        try await awaitTrue("a program waits", seconds: 20) {
            found = Self.programs(of: node).first
            return found != nil
        }
        return try #require(found)
    }

    /// Processes below that node which run a function's program.
    private static func programs(of node: TestNode) -> [Int32] {
        let processes = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
        return processes.filter { process in
            guard let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline"),
                String(decoding: line, as: UTF8.self).hasPrefix("/function/program")
            else { return false }
            return isBelow(process, node.pid)
        }
    }

    private static func isBelow(_ process: Int32, _ ancestor: Int32) -> Bool {
        var process = process
        while process > 1 {
            guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
                let line = status.split(separator: "\n").first(where: { $0.hasPrefix("PPid:") }),
                let parent = Int32(line.dropFirst(5).trimmingCharacters(in: .whitespaces))
            else { return false }
            if parent == ancestor { return true }
            process = parent
        }
        return false
    }

    private static func isAlive(_ process: Int32) -> Bool { kill(process, 0) == 0 || errno == EPERM }

    @Test("a cold call is served by the program that waited, and is accounted for", arguments: Account.available)
    func serves(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishSwift("short", Programs.shortFunction, "reuse: never")
            for number in 1...2 { #expect(try await node.call("short", "first \(number)").status == 200) }
            for number in 1...5 {
                let process = try await waiting(on: node)
                let answer = try await node.call("short", "hello \(number)")
                #expect(answer.text == "hello \(number)" && answer.header("godwit-start") == "cold")
                #expect(answer.header("server-timing")?.contains("cpu;dur=0,") == false)
                #expect(answer.header("server-timing")?.hasSuffix("cpu;dur=0") == false)
                try await awaitTrue("the process that waited has ended", seconds: 10) { !Self.isAlive(process) }
            }
        }
    }

    @Test("a function does not see that it waited, and sees the secret of now")
    func environment() async throws {
        try await TestNode.run(as: .ordinary) { node in
            #expect(try await node.send(.PUT, "/v1/secrets/WORD", body: Array("old".utf8)).status == 204)
            try await node.publishSwift("short", Programs.shortFunction, "reuse: never\nsecrets: [WORD]")
            for _ in 1...2 { #expect(try await node.call("short", "env WORD").text == "old") }
            let process = try await waiting(on: node)
            #expect(try await node.call("short", "env GODWIT_STANDBY").text == "none")
            try await awaitTrue("that was the one that waited", seconds: 10) { !Self.isAlive(process) }
            let stale = try await waiting(on: node)
            #expect(try await node.send(.PUT, "/v1/secrets/WORD", body: Array("new".utf8)).status == 204)
            for _ in 1...3 { #expect(try await node.call("short", "env WORD").text == "new") }
            try await awaitTrue("what knows the old secret has ended", seconds: 10) { !Self.isAlive(stale) }
        }
    }

    @Test("a call that was sent ahead ends with its time, its process too, and harms no other")
    func deadline() async throws {
        try await TestNode.run(as: .ordinary) { node in
            try await node.publishSwift("short", Programs.shortFunction, "reuse: never\ntimeout: 1s")
            for _ in 1...3 { #expect(try await node.call("short", "fine").status == 200) }
            #expect(try await node.call("short", "slow").status == 504)
            for _ in 1...4 {
                // It had begun: that is no failed start, and nobody else's call.
                let crashed = try await node.call("short", "crash")
                #expect(
                    crashed.status == 502 && crashed.problem?.kind == CallFailure.Kind.crash.rawValue,
                    "\(crashed.text)"
                )
            }
            #expect(try await node.call("short", "fine").text == "fine")
        }
    }

    @Test("one that is killed while it waits is missed by nobody")
    func killed() async throws {
        try await TestNode.run(as: .ordinary) { node in
            try await node.publishSwift("short", Programs.shortFunction, "reuse: never")
            for _ in 1...2 { #expect(try await node.call("short", "fine").status == 200) }
            for _ in 1...3 {
                let process = try await waiting(on: node)
                kill(process, SIGKILL)
                try await awaitTrue("it has ended", seconds: 10) { !Self.isAlive(process) }
                #expect(try await node.call("short", "fine").text == "fine")
            }
        }
    }

    @Test("where memory is short none waits in its program")
    func short() async throws {
        let config = try Configuration.file("limits: {memory: 128MiB}\n")
        defer { Configuration.remove(config) }
        try await TestNode.run(as: .ordinary, options: ["--config", config]) { node in
            try await node.publishSwift("short", Programs.shortFunction, "reuse: never\nmemory: 128MiB")
            for _ in 1...4 {
                #expect(try await node.call("short", "fine").status == 200)
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(Self.programs(of: node) == [])
        }
    }
}
