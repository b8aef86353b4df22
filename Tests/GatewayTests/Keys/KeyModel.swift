import Domain
import Fabric
import Gateway
import Testing

/// A continuum in miniature: a keeper of keys and homes that may die, refuse or be slow between claim and disk.
actor KeyModel {
    /// What becomes of a call after its key was granted.
    enum Fate: CaseIterable, Sendable {
        case stored
        case refused
        case storedLate
        /// Stored, but the home then loses its journal.
        case storedAndLost
    }

    private let function: FunctionName
    private var claims: [String: IdempotencyClaim] = [:]
    private var pending: Set<ExecutionID> = []
    private var journal: [ExecutionID: ExecutionRecord] = [:]
    private var lost: Set<ExecutionID> = []
    private(set) var runs: [ExecutionID] = []
    private(set) var replaced = 0

    init() throws { function = try FunctionName("order") }

    /// One call with the key, from its arrival to its end; gives what it was told.
    nonisolated func call(_ id: ExecutionID, fate: Fate, waits: Int) async throws -> KeyClaiming.Outcome {
        await begin(id)
        let claiming = KeyClaiming(
            execution: id,
            fingerprint: "same",
            claim: { try await self.claim(id, replacing: $0) },
            standing: { await self.standing(of: $0.execution) },
            pause: { for _ in 0..<20 { await Task.yield() } }
        )
        let outcome = try await claiming.settle()
        if outcome == .own {
            for _ in 0..<(fate == .storedLate ? waits * 20 : waits) { await Task.yield() }
            if fate != .refused { try await store(id) }
        }
        await end(id, losing: fate == .storedAndLost)
        return outcome
    }

    private func begin(_ id: ExecutionID) { pending.insert(id) }

    private func end(_ id: ExecutionID, losing: Bool) {
        pending.remove(id)
        if losing, journal.removeValue(forKey: id) != nil { lost.insert(id) }
    }

    private func claim(_ id: ExecutionID, replacing other: ExecutionID?) throws -> IdempotencyClaim {
        if let held = claims["key"], held.execution != other { return held }
        if other != nil { replaced += 1 }
        let claim = IdempotencyClaim(
            function: function,
            key: "key",
            fingerprint: "same",
            execution: id,
            home: try NodeName("home"),
            time: Timestamp(microseconds: 0)
        )
        claims["key"] = claim
        return claim
    }

    private func standing(of id: ExecutionID) -> ClaimStanding {
        if pending.contains(id) { return .pending }
        if let record = journal[id] { return .kept(record) }
        return lost.contains(id) ? .forgotten : .never
    }

    private func store(_ id: ExecutionID) throws {
        runs.append(id)
        journal[id] = ExecutionRecord(
            id: id,
            function: function,
            version: .first,
            isAsync: true,
            state: .queued,
            accepted: Timestamp(microseconds: 0),
            node: try NodeName("home"),
            tier: try Tier("edge")
        )
    }
}
