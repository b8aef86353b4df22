package import Domain

/// Remembers asynchronous calls so that none that was accepted is ever lost.
///
/// What a method reports as done is on disk (`synchronous=FULL`): it survives the death of the process and a cut of
/// power at any moment. Writers that come at the same time share one commit.
package protocol Journal: Sendable {
    /// Puts a call on disk. Throws ``JournalError/full`` when there is no room, and then nothing is kept of it.
    ///
    /// A call whose id, or whose function and idempotency key, are there already is told rather than kept twice; a key
    /// counts as long as its execution is kept.
    func accept(_ call: AcceptedCall) async throws(JournalError) -> Acceptance

    /// Calls in state `queued` whose next attempt is due at `time`, those first that have been due longest, except
    /// those in `excluded`.
    func due(at time: Timestamp, limit: Int, excluding excluded: Set<ExecutionID>) async throws -> [AcceptedCall]

    /// When the next call that is not yet due will be, or nil.
    func nextDue(after time: Timestamp) async throws -> Timestamp?

    /// Stores the end of an execution with its answer; a pending callback becomes due.
    /// Does nothing when the execution has ended already (it was cancelled meanwhile) or is unknown: the first end
    /// stands. Throws when the record's state is not final. Except for dead executions, the request is not kept any
    /// longer.
    func finish(_ record: ExecutionRecord, answer: CallAnswer?) async throws(JournalError)

    /// Stores a failed attempt: the record stays `queued`, with its attempts, last failure and next attempt. Does
    /// nothing when the execution has ended.
    func reschedule(_ record: ExecutionRecord) async throws(JournalError)

    /// Puts a dead execution back into the queue with no attempts counted and its answer and failure forgotten; false
    /// when it is not dead. Its callback is due again at its next end.
    func redrive(_ id: ExecutionID, at time: Timestamp) async throws(JournalError) -> Bool

    /// Ends a queued execution as `cancelled`, or drops a dead one; false when it is neither. The callback of a queued one
    /// becomes due; that of a dead one told of its end already.
    func cancel(_ id: ExecutionID, at time: Timestamp) async throws(JournalError) -> Bool

    /// The record of an execution and the token it was made with, or nil.
    func execution(_ id: ExecutionID) async throws -> (record: ExecutionRecord, tokenID: String?)?

    /// The execution of an idempotency key, with the fingerprint of its call, or nil.
    func execution(of key: String, for function: FunctionName) async throws -> (id: ExecutionID, fingerprint: String)?

    /// Whether the journal can vouch that it never had an execution: it has none of that id, and since the id was made it
    /// was there and forgot none that could have been it. Ids must come from this journal's node, as time is by its clock.
    func neverHad(_ id: ExecutionID) async throws -> Bool

    /// The answer of a finished execution, or nil.
    func answer(_ id: ExecutionID) async throws -> CallAnswer?

    /// Records, newest first.
    func executions(_ filter: ExecutionFilter) async throws -> [ExecutionRecord]

    /// How many are queued and how many are dead.
    func backlog() async throws -> (queued: Int, dead: Int)

    /// Callbacks that are due at `time`, oldest first.
    func callbacksDue(at time: Timestamp, limit: Int) async throws -> [PendingCallback]

    /// When the next callback is due, or was; nil while none is pending.
    func nextCallback() async throws -> Timestamp?

    /// Notes that a callback was delivered or given up (`next` nil), or when to try it again; does nothing when none is
    /// pending.
    func callbackAttempted(_ id: ExecutionID, delivered: Bool, next: Timestamp?) async throws(JournalError)

    /// Forgets final executions that ended before `time` and whose callback is settled; dead ones are kept.
    /// - Returns: how many were forgotten.
    func forget(endedBefore time: Timestamp) async throws -> Int

    /// Writes out what is pending and closes the store.
    func close() async
}
