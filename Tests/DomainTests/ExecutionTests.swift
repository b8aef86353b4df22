import Domain
import Testing

struct ExecutionTests {
    @Test("ids sort by time and read back")
    func ids() throws {
        var random = SystemRandomNumberGenerator()
        let early = ExecutionID(at: Timestamp(microseconds: 1_000_000), using: &random)
        let late = ExecutionID(at: Timestamp(microseconds: 1_795_000_000_000_000), using: &random)
        #expect(early < late)
        #expect(try ExecutionID(late.text) == late)
        #expect(late.text.utf8.count == 26)
    }

    @Test("10,000 ids of one moment differ")
    func idsAreUnique() {
        var random = SystemRandomNumberGenerator()
        let ids = Set((0..<10_000).map { _ in ExecutionID(at: Timestamp(microseconds: 1), using: &random) })
        #expect(ids.count == 10_000)
    }

    @Test(
        "refuses what is no id",
        arguments: ["", "x", String(repeating: "u", count: 26), String(repeating: "8", count: 26)]
    )
    func badIDs(_ raw: String) {
        #expect(throws: Invalid.self) { try ExecutionID(raw) }
    }

    @Test("backoff doubles up to its bound, at least half of it, and ends")
    func backoff() {
        let policy = RetryPolicy(attempts: 5, base: .seconds(1), limit: .seconds(4))
        for (attempt, bound) in [(1, 1.0), (2, 2), (3, 4), (4, 4)] {
            #expect(policy.wait(after: attempt, draw: 0)?.inSeconds == bound / 2)
            #expect((policy.wait(after: attempt, draw: 0.999)?.inSeconds ?? 9) < bound)
        }
        #expect(policy.wait(after: 5, draw: 0) == nil)
    }

    @Test("every kind of failure has a status, and functions' failures are told from the platform's")
    func failureKinds() {
        for kind in CallFailure.Kind.allCases {
            #expect((400..<600).contains(kind.httpStatus))
            #expect(kind.finalState.isFinal)
        }
        #expect(CallFailure(.timeLimit, "").origin == .function)
        #expect(CallFailure(.overloaded, "").origin == .platform)
    }
}
