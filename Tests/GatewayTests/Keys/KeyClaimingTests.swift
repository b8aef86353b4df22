import Domain
import Fabric
import Gateway
import Testing

@Suite("Idempotency keys")
struct KeyClaimingTests {
    private static func ids(_ count: Int) -> [ExecutionID] {
        var random = SystemRandomNumberGenerator()
        return (0..<count).map { ExecutionID(at: Timestamp(microseconds: Int64($0) * 1000), using: &random) }
    }

    @Test("of calls that come at once, one runs, whatever becomes of those that were granted the key before")
    func atOnce() async throws {
        var replaced = 0
        var forgotten = 0
        var rounds = 0
        // How often the hard cases come depends on how calls happen to follow one another: on until there were enough.
        while rounds < 200 || (rounds < 10_000 && (replaced <= 50 || forgotten <= 20)) {
            rounds += 1
            let model = try KeyModel()
            let outcomes = try await withThrowingTaskGroup(of: KeyClaiming.Outcome.self) { group in
                for id in Self.ids(6) {
                    let fate = KeyModel.Fate.allCases.randomElement() ?? .stored
                    let waits = Int.random(in: 0..<20)
                    group.addTask { try await model.call(id, fate: fate, waits: waits) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let runs = await model.runs
            #expect(runs.count <= 1)
            for case .earlier(let record) in outcomes { #expect(runs == [record.id]) }
            for case .forgotten(let claim) in outcomes {
                forgotten += 1
                #expect(runs == [claim.execution])
            }
            replaced += await model.replaced
        }
        #expect(replaced > 50 && forgotten > 20, "\(replaced) claims gave way, \(forgotten) calls were forgotten")
    }

    @Test("a granted call that is never stored gives the key to the next, one that is forgotten does not")
    func oneAfterTheOther() async throws {
        let ids = Self.ids(5)
        let model = try KeyModel()
        #expect(try await model.call(ids[0], fate: .refused, waits: 0) == .own)
        #expect(try await model.call(ids[1], fate: .refused, waits: 0) == .own)
        #expect(try await model.call(ids[2], fate: .storedAndLost, waits: 0) == .own)
        guard case .forgotten(let claim) = try await model.call(ids[3], fate: .stored, waits: 0) else {
            Issue.record("a call was run again because its record is gone")
            return
        }
        #expect(claim.execution == ids[2])
        #expect(await model.runs == [ids[2]])
    }

    @Test("another call with the key is told, and a home that does not answer is no leave to run")
    func otherCalls() async throws {
        let ids = Self.ids(2)
        func claiming(_ fingerprint: String, _ standing: ClaimStanding?) throws -> KeyClaiming {
            let held = IdempotencyClaim(
                function: try FunctionName("order"),
                key: "key",
                fingerprint: "first",
                execution: ids[0],
                home: try NodeName("home"),
                time: Timestamp(microseconds: 0)
            )
            return KeyClaiming(
                execution: ids[1],
                fingerprint: fingerprint,
                claim: { replaced in
                    if replaced != nil { Issue.record("the claim was taken") }
                    return held
                },
                standing: { _ in
                    guard let standing else { throw Silence() }
                    return standing
                },
                pause: {}
            )
        }
        #expect(try await claiming("second", .forgotten).settle() == .reused(ids[0]))
        await #expect(throws: Silence.self) { try await claiming("first", nil).settle() }
        guard case .undecided = try await claiming("first", .pending).settle() else {
            Issue.record("a call that is about to be stored was not waited for")
            return
        }
    }

    private struct Silence: Error {}
}
