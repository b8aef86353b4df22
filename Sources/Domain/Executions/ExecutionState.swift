/// Where an execution stands.
///
/// A final state never changes, except that a dead one may be redriven.
package enum ExecutionState: String, Hashable, Sendable, Codable, CaseIterable {
    case queued
    case running
    case succeeded
    case failed
    case timedOut = "timed-out"
    case cancelled
    /// All attempts failed; it waits in the dead letters for someone to redrive or drop it.
    case dead

    package var isFinal: Bool { self != .queued && self != .running }

    /// Whether it may become `cancelled`: it is not over, or waits for someone to decide about it.
    package var canBeCancelled: Bool { !isFinal || self == .dead }
}
