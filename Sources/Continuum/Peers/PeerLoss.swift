/// Why a call to a peer came to no answer.
package struct PeerLoss: Error, Sendable, Equatable, CustomStringConvertible {
    /// Whether the function may have begun there.
    ///
    /// It cannot have when no connection was made, or when the connection ended in order before the peer said that the call
    /// is handed to an instance: what it wrote before its end has all arrived.
    package let mayHaveStarted: Bool
    /// One sentence for logs.
    package let reason: String

    package init(mayHaveStarted: Bool, reason: String) {
        self.mayHaveStarted = mayHaveStarted
        self.reason = reason
    }

    package var description: String { reason }
}
