import Continuum
import Domain
import Fabric
import Hummingbird
import NIOCore

/// Idempotency keys on the whole continuum.
///
/// The founder keeps them all, so that two nodes which get the same call at once agree on one of them, and none is lost
/// or handed over when other nodes join, go or die: the founder is the one node that a continuum always has. While it
/// cannot be reached, calls with keys that are new to their node are refused, as running one twice is what a key is there
/// to prevent.
extension Management {
    /// Which execution a key stands for, where this node is part of a continuum; claims it for `record` where it is free.
    func settle(_ key: AcceptedCall.Idempotency, for record: ExecutionRecord) async throws -> KeyClaiming.Outcome {
        // What this node has itself it knows for certain, whoever is away.
        if let earlier = try await journal.execution(of: key.key, for: record.function) {
            guard earlier.fingerprint == key.fingerprint else { return .reused(earlier.id) }
            if let known = try await localExecution(earlier.id) { return .earlier(known) }
        }
        let claiming = KeyClaiming(
            execution: record.id,
            fingerprint: key.fingerprint,
            claim: { try await claim(key, for: record, replacing: $0) },
            standing: { try await standing(of: $0) },
            pause: { try await Task.sleep(for: .milliseconds(50)) }
        )
        return try await claiming.settle()
    }

    /// Grants a key, as the founder; gives the claim that holds.
    func grant(_ claim: IdempotencyClaim, replacing replaced: ExecutionID?) async throws -> IdempotencyClaim {
        // Keys that were used here before there was a continuum were never claimed.
        guard let own = try await journal.execution(of: claim.key, for: claim.function), own.id != claim.execution
        else {
            return try await store.claim(claim, replacing: replaced)
        }
        let earlier = IdempotencyClaim(
            function: claim.function,
            key: claim.key,
            fingerprint: own.fingerprint,
            execution: own.id,
            home: node.name,
            time: claim.time
        )
        return try await store.claim(earlier, replacing: replaced)
    }

    /// What this node knows of an execution that should be at home here.
    func standing(of id: ExecutionID) async throws -> ClaimStanding {
        // In this order: what ceases to be pending in between is in the journal, or will never be.
        if acceptances.contains(id) { return .pending }
        if try await journal.execution(id) != nil, let record = try await localExecution(id) { return .kept(record) }
        return try await journal.neverHad(id) ? .never : .forgotten
    }

    private func claim(
        _ key: AcceptedCall.Idempotency,
        for record: ExecutionRecord,
        replacing replaced: ExecutionID?
    ) async throws -> IdempotencyClaim {
        let keeper = control.leadership.founder(or: node.name)
        if keeper == node.name {
            let claim = IdempotencyClaim(
                function: record.function,
                key: key.key,
                fingerprint: key.fingerprint,
                execution: record.id,
                home: node.name,
                time: clock.now()
            )
            return try await grant(claim, replacing: replaced)
        }
        let asked = ClaimRequest(
            function: record.function,
            key: key.key,
            fingerprint: key.fingerprint,
            execution: record.id,
            replaced: replaced
        )
        do {
            return try await askForKey(IdempotencyClaim.self, keeper, "POST", "/peer/v1/claims", JSON.encode(asked))
        } catch {
            throw Self.unavailable(
                "The key cannot be checked",
                "node '\(keeper)', which keeps the idempotency keys, does not answer"
            )
        }
    }

    /// What the home of a claim says of its execution.
    private func standing(of claim: IdempotencyClaim) async throws -> ClaimStanding {
        guard claim.home != node.name else { return try await standing(of: claim.execution) }
        do {
            guard try await bridge.perform({ $0.continuum.isUsable(claim.home) }) else {
                throw PeerLoss(mayHaveStarted: false, reason: "it is away")
            }
            return try await askForKey(ClaimStanding.self, claim.home, "GET", "/peer/v1/claims/\(claim.execution)")
        } catch {
            throw Self.unavailable(
                "The call cannot be followed",
                "node '\(claim.home)', which has the call of this key, does not answer"
            )
        }
    }

    private func askForKey<Value: Decodable>(
        _ type: Value.Type,
        _ name: NodeName,
        _ method: String,
        _ target: String,
        _ body: [UInt8] = []
    ) async throws -> Value {
        let answer = try await ask(name, method, target, body: body)
        guard answer.status == 200 else {
            throw ProblemError("continuum.peer", 502, "The node refused", "status \(answer.status)")
        }
        return try JSON.decode(type, from: Array(answer.body.readableBytesView))
    }

    private static func unavailable(_ title: String, _ what: String) -> ProblemError {
        var problem = ProblemError("idempotency.unavailable", 503, title, "\(what); nothing was run, try again")
        problem.headers = [HeaderField("retry-after", "1")]
        return problem
    }
}
