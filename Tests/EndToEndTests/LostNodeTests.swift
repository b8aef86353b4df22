import Domain
import Foundation
import Synchronization
import Testing

/// Nodes that die, and wires that are cut.
@Suite("Lost nodes", .timeLimit(.minutes(5)))
struct LostNodeTests {
    /// Answers with what it was sent, turned round, after a moment.
    private static let turn = """
        import time
        def handle(event, context):
            time.sleep(0.01)
            return event.text[::-1]
        """

    private final class Tally: Sendable {
        struct Counts {
            var begun = 0
            var right = 0
            var wrong = 0
            var failed = 0
            var accepted: [String: String] = [:]
        }

        let counts = Mutex(Counts())

        /// The number of the next call.
        func next() -> Int {
            counts.withLock { counts in
                counts.begun += 1
                return counts.begun
            }
        }

        /// Calls that were begun.
        var begun: Int { counts.withLock { $0.begun } }
    }

    @Test(
        "a node killed −9 and restarted twice under load: no wrong answer, no lost call",
        .tags(.slow),
        arguments: Account.available
    )
    func killed(_ account: Account) async throws {
        // The whole promise, 20,000 calls in 60 s, is kept by GODWIT_LONG=1; the usual run is a tenth of it.
        let isLong = ProcessInfo.processInfo.environment["GODWIT_LONG"] != nil
        let (calls, rounds) = isLong ? (20_000, 2) : (2_000, 2)
        try await TestContinuum.run(as: account) { continuum in
            try await continuum.cloud.publishPython(
                "turn",
                Self.turn,
                "idempotent: true\nplacement: {tiers: [edge]}\nconcurrency: 8"
            )
            try await continuum.awaitFunction("turn")
            for edge in [continuum.near, continuum.far] { #expect(try await edge.call("turn", "ab").text == "ba") }
            let tally = Tally()
            let pace = isLong ? 0.04 : 0.05
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        while true {
                            let number = tally.next()
                            guard number <= calls else { return }
                            await Self.call(number, continuum.near, tally)
                            try await Task.sleep(for: .seconds(pace))
                        }
                    }
                }
                group.addTask {
                    for round in 1...rounds {
                        let due = calls * round / (rounds + 2)
                        try await awaitTrue("the load has come so far", seconds: 120) { tally.begun >= due }
                        continuum.far.kill()
                        try await continuum.awaitState("dead", of: continuum.far, seenBy: [continuum.near])
                        try await continuum.far.start()
                    }
                }
                try await group.waitForAll()
            }
            let counts = tally.counts.withLock { $0 }
            #expect(counts.wrong == 0)
            #expect(counts.failed == 0, "an idempotent call is given to another node when one is lost")
            #expect(counts.right + counts.accepted.count == calls)
            for (id, text) in counts.accepted {
                let record = try await continuum.near.awaitEnd(of: id, seconds: 60)
                #expect(record.state == .succeeded, "\(id): \(record.state) \(record.failure?.message ?? "")")
                let result = try await continuum.near.send(.GET, "/v1/executions/\(id)/result")
                #expect(result.text == String(text.reversed()))
            }
        }
    }

    private static func call(_ number: Int, _ node: TestNode, _ tally: Tally) async {
        let text = "call \(number)"
        if number.isMultiple(of: 10) {
            let answer = try? await node.send(.POST, "/async-function/turn", body: Array(text.utf8))
            guard let answer, answer.status == 202, let id = answer.header("x-call-id") else {
                tally.counts.withLock { $0.failed += 1 }
                return
            }
            tally.counts.withLock { $0.accepted[id] = text }
            return
        }
        let answer = try? await node.call("turn", text)
        tally.counts.withLock { counts in
            if answer?.status != 200 {
                counts.failed += 1
            } else if answer?.text == String(text.reversed()) {
                counts.right += 1
            } else {
                counts.wrong += 1
            }
        }
    }

    @Test("a dead node is not tried any more, and no call fails because of it")
    func avoided() async throws {
        try await TestContinuum.run(as: .ordinary) { continuum in
            try await continuum.cloud.publishPython("turn", Self.turn, "placement: {tiers: [edge]}")
            try await continuum.awaitFunction("turn")
            for edge in [continuum.near, continuum.far] { #expect(try await edge.call("turn", "ab").text == "ba") }
            continuum.far.kill()
            try await continuum.awaitState("dead", of: continuum.far, seenBy: [continuum.near])
            for _ in 0..<50 {
                let answer = try await continuum.near.call("turn", "ab")
                #expect(answer.status == 200 && answer.header("godwit-node") == continuum.near.name)
                let id = try #require(answer.header("x-call-id"))
                let decision = try await continuum.near.send(.GET, "/v1/executions/\(id)/decision")
                    .json(DecisionReport.self)
                #expect(decision.excluded.contains { $0.node.text == continuum.far.name }, "it was not even tried")
            }
        }
    }

    @Test("behind a wire that swallows everything no call waits past its deadline, and none is lost", .tags(.slow))
    func partition() async throws {
        let relay = try await WanRelay.start()
        defer { relay.stop() }
        let options = ["--peer-listen", "127.0.0.1:\(relay.target)", "--advertise", "https://127.0.0.1:\(relay.port)"]
        try await TestContinuum.run(as: .ordinary, cloudOptions: options) { continuum in
            try await continuum.cloud.publishPython("turn", Self.turn, "placement: {tiers: [cloud]}\nidempotent: true")
            try await continuum.awaitFunction("turn")
            #expect(try await continuum.near.call("turn", "ab").text == "ba")
            try await relay.cut()
            let began = ContinuousClock.now
            let late = try await continuum.near.call("turn", "ab", headers: [("X-Timeout", "1s")])
            #expect(late.status == 504 || late.status == 503, "\(late.text)")
            #expect(ContinuousClock.now - began < .seconds(10))
            try await continuum.awaitState("dead", of: continuum.cloud, seenBy: [continuum.near])
            let accepted = try await continuum.near.send(.POST, "/async-function/turn", body: Array("abc".utf8))
            #expect(accepted.status == 202)
            try await relay.mend()
            try await continuum.awaitState("ready", of: continuum.cloud, seenBy: [continuum.near])
            let id = try #require(accepted.header("x-call-id"))
            #expect(try await continuum.near.awaitEnd(of: id, seconds: 30).state == .succeeded)
            #expect(try await continuum.near.call("turn", "ab").text == "ba")
        }
    }
}
