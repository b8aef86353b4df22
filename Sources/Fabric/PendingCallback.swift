package import Domain

/// An answer that is still to be sent to its caller's URL.
package struct PendingCallback: Sendable, Equatable {
    package let id: ExecutionID
    package let url: String
    /// Attempts so far.
    package let attempts: Int

    package init(id: ExecutionID, url: String, attempts: Int) {
        self.id = id
        self.url = url
        self.attempts = attempts
    }
}
