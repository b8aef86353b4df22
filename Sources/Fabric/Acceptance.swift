package import Domain

/// What became of a call that was offered to the journal.
package enum Acceptance: Sendable, Equatable {
    /// It is on disk.
    case accepted
    /// The same call is there already, under this id.
    case existing(ExecutionID)
    /// The idempotency key was used for a different call, under this id.
    case keyReused(ExecutionID)
}
