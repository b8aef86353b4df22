package import Domain

/// Whether a call that failed on one node may be tried on another.
package enum RetryRule {
    /// Nodes that a call is tried on at most.
    package static let attemptLimit = 4

    /// Never where the function might then run twice, unless it says that this does no harm (`idempotent`).
    ///
    /// `mayHaveStarted` is whether the function may have begun; `attempts` how often the call was tried so far.
    package static func allowsAnother(
        after kind: CallFailure.Kind,
        mayHaveStarted: Bool,
        isIdempotent: Bool,
        attempts: Int
    ) -> Bool {
        guard attempts < attemptLimit else { return false }
        switch kind {
        case .nodeLost: return !mayHaveStarted || isIdempotent
        case .overloaded, .draining, .unplaceable, .missingSecret, .platform, .quarantined: return !mayHaveStarted
        default: return false
        }
    }
}
