package import Domain

/// Remembers what a node knows of its continuum; everything is on disk when a call returns.
package protocol ContinuumStore: Sendable {
    /// The newest weights, or nil before they were ever set.
    func weights() async throws -> WeightRevision?

    /// The newest `limit` states of the weights, newest first.
    func weightHistory(limit: Int) async throws -> [WeightRevision]

    /// Adds a state of the weights; false when it is not the next after the newest.
    func append(_ revision: WeightRevision) async throws -> Bool

    /// Takes another node's newest state as the newest here, whatever was here before.
    func adopt(_ revision: WeightRevision) async throws

    /// Claims a key; gives the claim that holds: this one, or an earlier one.
    ///
    /// An earlier claim of execution `replaced` gives way: its home does not know that execution.
    func claim(_ claim: IdempotencyClaim, replacing replaced: ExecutionID?) async throws -> IdempotencyClaim

    /// Forgets claims made before a time.
    func forgetClaims(before time: Timestamp) async throws

    /// A document as it was last stored, or nil.
    func document(_ name: ContinuumDocument) async throws -> [UInt8]?

    /// Stores a document.
    func store(_ bytes: [UInt8], as name: ContinuumDocument) async throws
}
