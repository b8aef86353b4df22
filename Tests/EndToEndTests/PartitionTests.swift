import Domain
import Foundation
import Synchronization
import Testing

/// A node whose port is dropped in a network namespace: no reset, no word, and it can still send to the others.
@Suite(
    "Partitions",
    .serialized,
    .timeLimit(.minutes(5)),
    .enabled(if: NetworkNamespace.isOwn, "needs root and a network namespace of its own, which scripts/test makes")
)
struct PartitionTests {
    private static let turn = """
        import time
        def handle(event, context):
            time.sleep(0.01)
            return event.text[::-1]
        """
    /// The deadline of every call, in seconds.
    private static let deadline = 3.0
    private static let callers = 16

    private struct Seen: Sendable {
        let begun: ContinuousClock.Instant
        let took: Duration
        let status: Int
        let isRight: Bool
        let node: String
    }

    private final class Ledger: Sendable {
        let seen = Mutex<[Seen]>([])
        let accepted = Mutex<[String: String]>([:])
        let isOver = Atomic<Bool>(false)
    }

    @Test("under load it is avoided within two seconds, nothing is lost or wrong, and no call waits past its deadline")
    func underLoad() async throws {
        try await TestContinuum.run(as: .root) { continuum in
            try await continuum.cloud.publishPython(
                "turn",
                Self.turn,
                "idempotent: true\nplacement: {tiers: [edge]}\nconcurrency: 8"
            )
            try await continuum.awaitFunction("turn")
            for edge in [continuum.near, continuum.far] { #expect(try await edge.call("turn", "ab").text == "ba") }
            let far = try #require(continuum.far.name)
            let nodes = try await continuum.near.send(.GET, "/v1/nodes").json(NodeList.self).nodes
            let address = try #require(nodes.first { $0.node.name.text == far }?.link?.address)
            let port = try #require(Int(address.split(separator: ":").last ?? ""))

            let ledger = Ledger()
            let (cut, mended) = try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<Self.callers {
                    group.addTask { try await Self.load(caller, continuum.near, ledger) }
                }
                try await Task.sleep(for: .seconds(2))
                try await NetworkNamespace.drop(port: port)
                let cut = ContinuousClock.now
                try await continuum.awaitState("dead", of: continuum.far, seenBy: [continuum.near, continuum.cloud])
                try await Task.sleep(for: .seconds(3))
                try await NetworkNamespace.mend()
                let mended = ContinuousClock.now
                try await continuum.awaitState("ready", of: continuum.far, seenBy: [continuum.near, continuum.cloud])
                try await Task.sleep(for: .seconds(1))
                ledger.isOver.store(true, ordering: .relaxed)
                try await group.waitForAll()
                return (cut, mended)
            }

            let seen = ledger.seen.withLock { $0 }
            #expect(seen.count > 1000, "otherwise there was no load")
            #expect(seen.contains { $0.node == far && $0.begun < cut }, "otherwise the cut cut nothing")
            #expect(seen.allSatisfy { $0.status != 200 || $0.isRight })
            let longest = seen.map(\.took).max() ?? .zero
            #expect(longest < .seconds(Self.deadline + 2), "a call took \(longest)")
            // What was on its way when the wire was cut may fail; what came two seconds later may not.
            let failed = seen.filter { $0.status != 200 }
            #expect(failed.allSatisfy { $0.begun < cut + .seconds(2) && $0.begun > cut - .seconds(Self.deadline) })
            #expect(failed.count <= 2 * Self.callers, "\(failed.count) of \(seen.count) failed")
            let avoided = seen.filter { $0.begun > cut + .seconds(2) && $0.begun < mended }
            #expect(avoided.count > 100 && avoided.allSatisfy { $0.node != far })
            for (id, text) in ledger.accepted.withLock({ $0 }) {
                let record = try await continuum.near.awaitEnd(of: id, seconds: 60)
                #expect(record.state == .succeeded, "\(id): \(record.state) \(record.failure?.message ?? "")")
                let result = try await continuum.near.send(.GET, "/v1/executions/\(id)/result")
                #expect(result.text == String(text.reversed()))
            }
        }
    }

    private static func load(_ caller: Int, _ node: TestNode, _ ledger: Ledger) async throws {
        // Bounded, should the test above fail to end it.
        for number in 0..<5000 where !ledger.isOver.load(ordering: .relaxed) {
            let text = "call \(caller) \(number)"
            let timeout = [("X-Timeout", "\(Int(deadline))s")]
            if number.isMultiple(of: 10) {
                let answer = try await node.send(.POST, "/async-function/turn", body: Array(text.utf8))
                #expect(answer.status == 202, "\(answer.text)")
                if let id = answer.header("x-call-id") { ledger.accepted.withLock { $0[id] = text } }
            } else {
                let begun = ContinuousClock.now
                let answer = try await node.call("turn", text, headers: timeout)
                let seen = Seen(
                    begun: begun,
                    took: ContinuousClock.now - begun,
                    status: answer.status,
                    isRight: answer.text == String(text.reversed()),
                    node: answer.header("godwit-node") ?? ""
                )
                ledger.seen.withLock { $0.append(seen) }
            }
            try await Task.sleep(for: .milliseconds(30))
        }
    }
}
