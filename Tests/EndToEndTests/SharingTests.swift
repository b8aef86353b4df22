import Foundation
import Testing

/// While calls come one by one, node and function are tried on one processor; whatever becomes of it, not for ever.
@Suite("Sharing a processor", .timeLimit(.minutes(2)))
struct SharingTests {
    /// Whether a process or thread is kept on one of several processors.
    private static func isHeld(_ path: String) -> Bool {
        guard let status = try? String(contentsOfFile: path + "/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") })
        else { return false }
        return !line.contains("-") && !line.contains(",")
    }

    private static func heldThreads(of pid: Int32) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")
            .filter { isHeld("/proc/\(pid)/task/\($0)") }
    }

    private static func isAnyInstanceHeld(of node: TestNode) -> Bool {
        Leftovers.children(of: node.pid).flatMap(Leftovers.instances).contains { isHeld("/proc/\($0)") }
    }

    @Test(
        "the loop and the function are on one processor for a while, nothing else is, and at rest nothing is",
        .enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1, "there is only one processor"),
        arguments: Account.available
    )
    func sharing(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython("echo", "def handle(event, context):\n    return event.text\n")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    while !Task.isCancelled {
                        guard let answer = try? await node.call("echo", "x") else { continue }
                        #expect(answer.text == "x")
                    }
                }
                defer { group.cancelAll() }
                try await awaitTrue("loop and function are kept on one processor", seconds: 60) {
                    try Self.heldThreads(of: node.pid).count == 1 && Self.isAnyInstanceHeld(of: node)
                }
            }
            try await awaitTrue("everything runs where it likes again") {
                try Self.heldThreads(of: node.pid).isEmpty && !Self.isAnyInstanceHeld(of: node)
            }
        }
    }

    @Test("a node that is told not to keeps nothing on a processor")
    func switchedOff() async throws {
        let config = try Configuration.file("limits: {shareProcessor: false}\n")
        defer { Configuration.remove(config) }
        try await TestNode.run(as: .ordinary, options: ["--config", config]) { node in
            try await node.publishPython("echo", "def handle(event, context):\n    return event.text\n")
            for number in 0..<2_500 {
                #expect(try await node.call("echo", "\(number)").status == 200)
                if number.isMultiple(of: 50) { #expect(try Self.heldThreads(of: node.pid).isEmpty) }
            }
        }
    }
}
