import Foundation
import Testing

/// An instance that goes on working when nobody called it gets no processor for that.
@Suite("Stopping what idles", .timeLimit(.minutes(3)))
struct FreezeTests {
    /// A function with a thread that never rests.
    private static let restless = """
        import threading
        def spin():
            while True: sum(range(1000))
        threading.Thread(target=spin, daemon=True).start()
        def handle(event, context): return event.text
        """

    /// The states of the processes that are instances of that node: `T` is stopped.
    private static func states(of node: TestNode) -> [String] {
        Leftovers.children(of: node.pid).flatMap(Leftovers.instances).compactMap { process in
            guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
                let line = status.split(separator: "\n").first(where: { $0.hasPrefix("State:") })
            else { return nil }
            return String(line.dropFirst(6).trimmingCharacters(in: .whitespaces).prefix(1))
        }
    }

    @Test("a busy idler is stopped, serves the next call as ever, and is stopped again", arguments: Account.available)
    func stopped(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            try await node.publishPython("restless", Self.restless)
            for number in 1...2 {
                #expect(try await node.call("restless", "call \(number)").text == "call \(number)")
                #expect(!Self.states(of: node).contains("T"))
                try await awaitTrue("it is stopped", seconds: 40) { Self.states(of: node).contains("T") }
            }
            let log = try await node.send(.GET, "/v1/functions/restless/logs").text
            #expect(log.contains("of a processor while it served no call"), "\(log)")
        }
    }

    @Test("one that rests is not stopped, nor is any where that is switched off", arguments: [true, false])
    func notStopped(_ isOn: Bool) async throws {
        let config = try Configuration.file("limits: {freeze: \(isOn)}\n")
        defer { Configuration.remove(config) }
        try await TestNode.run(as: .ordinary, options: ["--config", config]) { node in
            let quiet = "def handle(event, context): return event.text\n"
            try await node.publishPython("any", isOn ? quiet : Self.restless)
            #expect(try await node.call("any", "x").text == "x")
            for _ in 0..<24 {
                try await Task.sleep(for: .milliseconds(500))
                #expect(!Self.states(of: node).contains("T"))
            }
        }
    }
}
