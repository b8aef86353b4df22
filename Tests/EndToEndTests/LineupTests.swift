import Domain
import Foundation
import Testing

/// Calls that lie with an instance ahead of their turn: short ones gain by it, and none loses.
@Suite("Calls in line", .timeLimit(.minutes(3)))
struct LineupTests {
    /// Calls so often, from several at once, that short calls are lined up; returns how many were, of all until now.
    private static func warmUp(_ node: TestNode, until least: Int) async throws -> Int {
        for round in 0..<200 {
            try await call(node, (0..<64).map { "w\(round)-\($0)" })
            let count = try await counter("godwit_lined_up_calls_total", node)
            if count >= least { return count }
        }
        return try await counter("godwit_lined_up_calls_total", node)
    }

    /// Calls with each word, eight at once, and expects that it comes back.
    private static func call(_ node: TestNode, _ words: [String]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, word) in words.enumerated() {
                if index >= 8 { try await group.next() }
                group.addTask {
                    let answer = try await node.call("word", word)
                    #expect(answer.status == 200 && answer.text == word, "\(word): \(answer.status) \(answer.text)")
                }
            }
            try await group.waitForAll()
        }
    }

    private static func counter(_ name: String, _ node: TestNode) async throws -> Int {
        // It is told a few milliseconds later.
        try await Task.sleep(for: .milliseconds(20))
        let lines = try await node.send(.GET, "/metrics").text.split(separator: "\n")
        return lines.first { $0.hasPrefix("\(name){") && $0.contains("\"word\"") }
            .flatMap { $0.split(separator: " ").last }
            .flatMap { Double($0) }
            .map { Int($0) } ?? 0
    }

    /// How often the function ran for each word, by what it wrote.
    private static func runs(_ node: TestNode) async throws -> [String: Int] {
        let lines = try await node.send(.GET, "/v1/functions/word/logs?limit=10000").text.split(separator: "\n")
        var runs: [String: Int] = [:]
        for line in lines {
            let entry = try JSONDecoder().decode(LogEntry.self, from: Data(line.utf8))
            if entry.message.hasPrefix("ran ") { runs[String(entry.message.dropFirst(4)), default: 0] += 1 }
        }
        return runs
    }

    @Test(
        "behind one that takes long or crashes none waits, none is lost and none runs twice",
        arguments: ["slow", "crash"]
    )
    func harm(word: String) async throws {
        try await TestNode.run(as: .ordinary) { node in
            try await node.publishSwift("word", Programs.shortFunction)
            #expect(try await Self.warmUp(node, until: 20) >= 20, "short calls are lined up")
            for round in 0..<3 {
                async let harmful = node.call("word", "\(word)\(round)")
                // So that there is something to be lined up behind.
                if word == "slow" { try await Task.sleep(for: .milliseconds(20)) }
                let began = ContinuousClock.now
                let words = (0..<40).map { "r\(round)-\($0)" }
                try await Self.call(node, words)
                #expect(ContinuousClock.now - began < .seconds(3), "they waited behind it")
                let answer = try await harmful
                #expect(answer.status == (word == "slow" ? 200 : 502))
                let runs = try await Self.runs(node)
                for word in words { #expect(runs[word] == 1, "\(word) ran \(runs[word] ?? 0) times") }
            }
        }
    }

    @Test("one whose time is up while it lies in line ends, and those around it go on")
    func deadline() async throws {
        try await TestNode.run(as: .ordinary) { node in
            try await node.publishSwift("word", Programs.shortFunction, "instances: {max: 1}")
            #expect(try await Self.warmUp(node, until: 20) >= 20)
            async let slow = node.call("word", "slow")
            // So that it has come before the others, on a busy machine too.
            try await Task.sleep(for: .milliseconds(600))
            async let late = node.call("word", "late", headers: [("X-Timeout", "300ms")])
            async let patient = node.call("word", "patient")
            #expect(try await late.status == 504)
            #expect(try await slow.text == "slow")
            #expect(try await patient.text == "patient")
            #expect(try await Self.runs(node)["late"] == nil, "it did not run, for the only instance was busy")
        }
    }

    @Test("what a function prints is the call's that printed it")
    func prints() async throws {
        try await TestNode.run(as: .ordinary) { node in
            try await node.publishSwift("word", Programs.shortFunction, "instances: {max: 1}")
            for round in 0..<8 { try await Self.call(node, (0..<64).map { "print\(round)-\($0)" }) }
            #expect(try await Self.counter("godwit_lined_up_calls_total", node) == 0, "then they run one by one")
        }
    }

    @Test("calls that wait for something run at the same time, though they take little of a processor")
    func waits() async throws {
        try await TestNode.run(as: .ordinary) { node in
            try await node.publishSwift("word", Programs.shortFunction)
            for round in 0..<8 { try await Self.call(node, (0..<64).map { "wait\(round)-\($0)" }) }
            #expect(try await Self.counter("godwit_lined_up_calls_total", node) == 0)
        }
    }
}
