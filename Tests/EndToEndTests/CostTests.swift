import Foundation
import Testing

/// What a warm call costs, in numbers that are the same on every machine.
@Suite("What a call costs", .timeLimit(.minutes(5)))
struct CostTests {
    /// Allocations and system calls of the event loop for each call.
    ///
    /// Raise them only for something that is worth it on every call; lower them when you can.
    private static let limits = (allocations: 21.5, systemCalls: 7.0)

    private static let request = """
        POST /function/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n\
        Content-Length: 64\r\n\r\n\(String(repeating: "x", count: 64))
        """

    @Test(
        "allocations and system calls of a warm call stay where they are",
        .enabled(if: Command.isInstalled("/usr/bin/cc"), "needs a C compiler")
    )
    func counts() async throws {
        let (library, counters) = try await Self.makeCounter()
        defer { for path in [library, counters] { try? FileManager.default.removeItem(atPath: path) } }
        let environment = ["LD_PRELOAD": library, "GODWIT_COUNTS": counters]
        try await TestNode.run(as: .ordinary, environment: environment) { node in
            try await node.publishPython("echo", "def handle(event, context):\n    return event.body\n")
            let connection = try RawConnection(port: node.port)
            for _ in 0..<300 { await Self.call(connection) }
            // What the loop does now and then besides, for timers and probes, is in some batches and not in others.
            var (allocations, systemCalls) = (Double.infinity, Double.infinity)
            for _ in 0..<20 {
                let (before, calls) = (try Self.read(counters), 40)
                for _ in 0..<calls { await Self.call(connection) }
                let after = try Self.read(counters)
                allocations = min(allocations, Double(after.0 - before.0) / Double(calls))
                systemCalls = min(systemCalls, Double(after.1 - before.1) / Double(calls))
            }
            print("a warm call: \(allocations) allocations, \(systemCalls) system calls of the event loop")
            #expect(allocations > 1 && allocations <= Self.limits.allocations)
            #expect(systemCalls > 1 && systemCalls <= Self.limits.systemCalls + 0.1)
        }
    }

    private static func call(_ connection: borrowing RawConnection) async {
        connection.write(request)
        _ = await connection.read(until: "xxxxxxxx")
    }

    /// The library that counts, and the file it counts in.
    private static func makeCounter() async throws -> (library: String, counters: String) {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Support/CallCounter/counter.c").path
        let base = NSTemporaryDirectory() + "godwit-counter-\(UUID().uuidString.prefix(8))"
        let built = try await Command.run([
            "/usr/bin/cc", "-O2", "-Wall", "-shared", "-fPIC", "-o", base + ".so", source,
        ])
        #expect(built.status == 0, "\(built.output)")
        try Data(count: 4096).write(to: URL(fileURLWithPath: base))
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: base)
        return (base + ".so", base)
    }

    private static func read(_ path: String) throws -> (UInt64, UInt64) {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        func number(_ index: Int) -> UInt64 {
            bytes[(index * 8)..<(index * 8 + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        return (number(0), number(1))
    }
}
