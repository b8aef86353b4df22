import Synchronization

/// Tells of failures once per change: that something begins to fail, and that it works again.
final class FailureWatch<Failure: Error>: Sendable {
    private let isFailing = Atomic<Bool>(false)
    private let report: @Sendable (Failure?) -> Void

    /// Makes a watch over what works; `report` gets the failure, or nil when it is over.
    init(_ report: @escaping @Sendable (Failure?) -> Void) { self.report = report }

    /// Takes note of how it went: nil for well.
    func note(_ failure: Failure?) {
        let isFailure = failure != nil
        if isFailing.exchange(isFailure, ordering: .relaxed) != isFailure { report(failure) }
    }
}
