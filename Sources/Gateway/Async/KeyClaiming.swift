package import Domain
package import Fabric

/// Finds out which execution an idempotency key stands for on the whole continuum.
///
/// One keeper grants a key to one execution. That claim gives way only where the home of the execution itself says that
/// it never had it, and never will: silence, or a record that is no longer kept, is no leave to run a call again. A home
/// says so only of an execution that it is no longer about to store, so that a slow disk cannot run a call twice.
package struct KeyClaiming {
    /// Whose call it is.
    package enum Outcome: Sendable, Equatable {
        /// The key was granted: the call is to be stored, or the key falls free again.
        case own
        /// The key is an earlier execution's; this is its record.
        case earlier(ExecutionRecord)
        /// The key was used for a different call.
        case reused(ExecutionID)
        /// The key was used for an execution whose record is no longer kept.
        case forgotten(IdempotencyClaim)
        /// An earlier execution was about to be stored as long as was waited.
        case undecided(IdempotencyClaim)
    }

    /// How often an execution that is about to be stored is asked for.
    private static let patience = 100

    private let execution: ExecutionID
    private let fingerprint: String
    private let claim: (_ replacing: ExecutionID?) async throws -> IdempotencyClaim
    private let standing: (IdempotencyClaim) async throws -> ClaimStanding
    private let pause: () async throws -> Void

    /// The claim of one execution.
    ///
    /// - Parameters:
    ///   - execution: The execution that wants the key.
    ///   - fingerprint: Tells its call from others with the key.
    ///   - claim: Claims the key for this execution at the keeper, where nobody else has it but `replacing`; gives the
    ///     claim that holds.
    ///   - standing: Asks the home of a claim for its execution.
    ///   - pause: Waits a moment before asking again.
    package init(
        execution: ExecutionID,
        fingerprint: String,
        claim: @escaping (_ replacing: ExecutionID?) async throws -> IdempotencyClaim,
        standing: @escaping (IdempotencyClaim) async throws -> ClaimStanding,
        pause: @escaping () async throws -> Void
    ) {
        self.execution = execution
        self.fingerprint = fingerprint
        self.claim = claim
        self.standing = standing
        self.pause = pause
    }

    /// Claims the key, or finds who has it.
    package func settle() async throws -> Outcome {
        var held = try await claim(nil)
        for _ in 0..<Self.patience {
            guard held.execution != execution else { return .own }
            let isSame = held.fingerprint == fingerprint
            switch try await standing(held) {
            case .kept(let record): return isSame ? .earlier(record) : .reused(held.execution)
            case .forgotten: return isSame ? .forgotten(held) : .reused(held.execution)
            case .never: held = try await claim(held.execution)
            case .pending:
                try await pause()
                held = try await claim(nil)
            }
        }
        return .undecided(held)
    }
}
