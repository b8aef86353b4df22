import Domain
import GRDB
import Synchronization

/// Writes the journal: whatever waits goes into one transaction, one savepoint each, and one flush to disk.
///
/// The work is done on the database's own thread, never on one of the cooperative pool. There is one writer, so
/// operations happen in the order in which they came.
final class JournalWriter: Sendable {
    typealias Answer = Result<JournalOperation.Outcome, JournalError>

    private struct Waiting: Sendable {
        let operation: JournalOperation
        let continuation: CheckedContinuation<Answer, Never>
    }

    let file: DatabaseFile
    private let limits: JournalLimits
    private let folder: String
    private let queue: Mutex<GroupCommit<Waiting>>
    private let commitCount = Atomic<Int>(0)

    /// Transactions that reached the disk so far.
    var commits: Int { commitCount.load(ordering: .relaxed) }

    init(file: DatabaseFile, folder: String, limits: JournalLimits) throws(StoreError) {
        self.file = file
        self.limits = limits
        self.folder = folder
        let waitingBytes = Int(clamping: limits.waitingBytes.bytes)
        self.queue = Mutex(GroupCommit(limit: (limits.waitingCalls, waitingBytes)))
        let pool = try file.connections()
        do {
            try pool.writeWithoutTransaction { db in
                let pageBytes = try DatabaseFile.Space(db).pageBytes
                let pages = max(1, Int(clamping: limits.maximumBytes.bytes) / pageBytes)
                // A pragma takes no bound value; SQLite's own limit is a number of pages in 32 bits.
                try db.execute(sql: "PRAGMA max_page_count = \(min(pages, 4_294_967_294))")
            }
        } catch {
            throw .failed(path: file.path, reason: "\(error)")
        }
    }

    /// Does an operation and returns when it is on disk, or was refused.
    ///
    /// Cancelling the caller's task changes nothing: the operation happens and its outcome is returned.
    func perform(_ operation: JournalOperation) async throws(JournalError) -> JournalOperation.Outcome {
        let answer = await withCheckedContinuation { continuation in
            let action = queue.withLock {
                $0.add(
                    Waiting(operation: operation, continuation: continuation),
                    bytes: operation.bytes,
                    isRefusable: operation.isAccept
                )
            }
            switch action {
            case .wait: break
            case .startWriter: startWriting()
            case .refuseAsFull: continuation.resume(returning: .failure(.full))
            case .refuseAsClosed: continuation.resume(returning: .failure(.failed("it is closed")))
            }
        }
        return try answer.get()
    }

    /// Refuses what comes from now on; what waits is still written.
    func refuseNewcomers() { queue.withLock { $0.close() } }

    private func startWriting() {
        do throws(StoreError) {
            try file.connections().asyncWriteWithoutTransaction { db in self.write(db) }
        } catch {
            let failure = Answer.failure(.failed("\(error)"))
            while let batch = queue.withLock({ $0.take() }) {
                for waiting in batch { waiting.continuation.resume(returning: failure) }
            }
        }
    }

    private func write(_ db: Database) {
        while let batch = queue.withLock({ $0.take() }) {
            let answers = commit(batch.map(\.operation), in: db)
            for (waiting, answer) in zip(batch, answers) { waiting.continuation.resume(returning: answer) }
        }
    }

    /// Commits all at once.
    ///
    /// When the transaction as a whole fails, nothing of it was kept: new calls are then refused,
    /// and the operations that end or change accepted ones are tried once more, each by itself.
    private func commit(_ operations: [JournalOperation], in db: Database) -> [Answer] {
        do {
            return try transaction(operations, in: db)
        } catch {
            let failure = Answer.failure(JournalError(error))
            if operations.count == 1 { return [failure] }
            return operations.map { operation in
                guard !operation.isAccept else { return failure }
                do {
                    return try transaction([operation], in: db).first ?? failure
                } catch {
                    return .failure(JournalError(error))
                }
            }
        }
    }

    private func transaction(_ operations: [JournalOperation], in db: Database) throws -> [Answer] {
        var answers: [Answer] = []
        answers.reserveCapacity(operations.count)
        try db.inTransaction(.immediate) {
            var room = try room(db)
            for operation in operations {
                let answer = try savepoint(operation, mayGrow: operation.bytes <= room, in: db)
                if answer == .success(.accepted(.accepted)) { room -= operation.bytes }
                answers.append(answer)
            }
            return .commit
        }
        commitCount.add(1, ordering: .relaxed)
        return answers
    }

    /// One operation, all or nothing; throws when the whole transaction is lost.
    private func savepoint(_ operation: JournalOperation, mayGrow: Bool, in db: Database) throws -> Answer {
        var outcome = JournalOperation.Outcome.changed(0)
        do {
            try db.inSavepoint {
                outcome = try JournalStatements.apply(operation, mayGrow: mayGrow, in: db)
                return .commit
            }
            return .success(outcome)
        } catch {
            // SQLite rolls everything back by itself after some errors of the disk.
            guard db.isInsideTransaction else { throw error }
            return .failure(JournalError(error))
        }
    }

    private func room(_ db: Database) throws -> Int {
        let space = try DatabaseFile.Space(db)
        let room = JournalRoom(
            databaseBytes: space.fileBytes,
            reusableBytes: space.fileBytes - space.usedBytes,
            fileBytes: System.size(ofFile: file.path) ?? 0,
            logBytes: System.size(ofFile: file.path + "-wal") ?? 0,
            diskBytes: System.freeSpace(at: folder).map { Int(clamping: $0) }
        )
        return room.bytes(within: limits)
    }
}
