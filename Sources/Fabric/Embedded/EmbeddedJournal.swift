package import Domain
import GRDB

/// The journal of one node, in `journal.sqlite`.
///
/// Order of ``due(at:limit:excluding:)`` and ``callbacksDue(at:limit:)`` is by the time they are due, then by id: among
/// calls that were never tried that is the order of their acceptance.
package final class EmbeddedJournal: Journal {
    /// How many executions one transaction forgets, so that accepting never waits long behind it.
    private static let forgottenAtOnce = 500

    let writer: JournalWriter
    /// Held, so that the folder stays ours as long as someone holds this store.
    private let folder: DataFolder

    init(folder: DataFolder, limits: JournalLimits) throws(StoreError) {
        self.folder = folder
        let path = folder.file("journal.sqlite")
        let file = try DatabaseFile(path, durability: .full, migrator: JournalSchema.migrator)
        self.writer = try JournalWriter(file: file, folder: folder.path, limits: limits)
    }

    /// Transactions that reached the disk so far: far fewer than operations when many come at once.
    package var commits: Int { writer.commits }

    package func accept(_ call: AcceptedCall) async throws(JournalError) -> Acceptance {
        guard case .accepted(let acceptance) = try await writer.perform(.accept(call)) else {
            preconditionFailure("accepting has an acceptance as its outcome")
        }
        return acceptance
    }

    package func finish(_ record: ExecutionRecord, answer: CallAnswer?) async throws(JournalError) {
        _ = try await writer.perform(.finish(record, answer))
    }

    package func reschedule(_ record: ExecutionRecord) async throws(JournalError) {
        _ = try await writer.perform(.reschedule(record))
    }

    package func redrive(_ id: ExecutionID, at time: Timestamp) async throws(JournalError) -> Bool {
        try await writer.perform(.redrive(id, at: time)) == .changed(1)
    }

    package func cancel(_ id: ExecutionID, at time: Timestamp) async throws(JournalError) -> Bool {
        try await writer.perform(.cancel(id, at: time)) == .changed(1)
    }

    package func callbackAttempted(
        _ id: ExecutionID,
        delivered: Bool,
        next: Timestamp?
    ) async throws(JournalError) {
        _ = try await writer.perform(.callback(id, next: delivered ? nil : next))
    }

    package func forget(endedBefore time: Timestamp) async throws -> Int {
        var forgotten = 0
        while true {
            let outcome = try await writer.perform(.forget(endedBefore: time, limit: Self.forgottenAtOnce))
            guard case .changed(let count) = outcome else { preconditionFailure("forgetting changes executions") }
            forgotten += count
            if count < Self.forgottenAtOnce { return forgotten }
        }
    }

    package func close() async {
        writer.refuseNewcomers()
        await writer.file.close()
    }
}
