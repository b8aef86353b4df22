#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Domain
import GRDB

/// What each change of the journal does to its tables.
///
/// Every value is bound; none is ever part of a statement's text.
enum JournalStatements {
    /// Applies a change inside the caller's savepoint.
    ///
    /// `mayGrow` says whether there is room for new calls.
    static func apply(
        _ operation: JournalOperation,
        mayGrow: Bool,
        in db: Database
    ) throws -> JournalOperation.Outcome {
        switch operation {
        case .accept(let call): .accepted(try accept(call, mayGrow: mayGrow, in: db))
        case .finish(let record, let answer): .changed(try finish(record, answer: answer, in: db))
        case .reschedule(let record): .changed(try reschedule(record, in: db))
        case .redrive(let id, let time): .changed(try redrive(id, at: time, in: db))
        case .cancel(let id, let time): .changed(try cancel(id, at: time, in: db))
        case .callback(let id, let next): .changed(try callback(id, next: next, in: db))
        case .forget(let time, let limit): .changed(try forget(endedBefore: time, limit: limit, in: db))
        }
    }

    private static let insert: String = {
        let columns = ExecutionColumns.names + ["due", "tokenID", "idempotencyKey", "fingerprint", "callbackURL"]
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        return "INSERT INTO execution (\(columns.joined(separator: ", "))) VALUES (\(marks))"
    }()

    private static let assignments = ExecutionColumns.names.map { "\($0) = ?" }.joined(separator: ", ")
    private static let sequence = "(SELECT sequence FROM execution WHERE id = ?)"

    private static func accept(_ call: AcceptedCall, mayGrow: Bool, in db: Database) throws -> Acceptance {
        let record = call.record
        guard record.state == .queued else {
            throw JournalError.failed("execution \(record.id) was offered in state '\(record.state.rawValue)'")
        }
        // A repetition is recognised even when there is no room: it needs none.
        if try db.row("SELECT 1 FROM execution WHERE id = ?", [record.id.text]) != nil { return .existing(record.id) }
        if let idempotency = call.idempotency {
            if let earlier = try execution(of: idempotency.key, for: record.function, in: db) {
                let id: ExecutionID = try earlier.name("id")
                return try earlier.text("fingerprint") == idempotency.fingerprint ? .existing(id) : .keyReused(id)
            }
        }
        guard mayGrow else { throw JournalError.full }
        try db.run(
            insert,
            ExecutionColumns.values(of: record) + [
                (record.nextAttempt ?? record.accepted).microseconds, StoredText(call.tokenID),
                StoredText(call.idempotency?.key), StoredText(call.idempotency?.fingerprint),
                StoredText(call.callbackURL),
            ]
        )
        try db.run(
            "INSERT INTO request (execution, head, traceparent, body) VALUES (?, ?, ?, ?)",
            [
                db.lastInsertedRowID, StoredJSON.text(call.request), StoredText(call.traceparent), Data(call.body),
            ]
        )
        return .accepted
    }

    /// `id` and `fingerprint` of the execution of an idempotency key.
    static func execution(of key: String, for function: FunctionName, in db: Database) throws -> Row? {
        try db.row(
            "SELECT id, fingerprint FROM execution WHERE function = ? AND idempotencyKey = ?",
            [function.text, StoredText(key)]
        )
    }

    private static func finish(_ record: ExecutionRecord, answer: CallAnswer?, in db: Database) throws -> Int {
        guard record.state.isFinal else {
            throw JournalError.failed("execution \(record.id) cannot end in state '\(record.state.rawValue)'")
        }
        var record = record
        record.nextAttempt = nil
        // Without a time it would never be forgotten.
        let ended = record.finished ?? record.started ?? record.accepted
        record.finished = ended
        let changed = try db.run(
            """
            UPDATE execution SET \(assignments), due = NULL,
                callbackDue = CASE WHEN callbackURL IS NULL THEN NULL ELSE ? END
            WHERE id = ? AND state IN ('queued', 'running')
            """,
            ExecutionColumns.values(of: record) + [ended.microseconds, record.id.text]
        )
        guard changed > 0 else { return 0 }
        // A dead call may be redriven. First this, so that its room can be used for the answer.
        if record.state != .dead { try deleteRequest(record.id, in: db) }
        if let answer {
            try db.run(
                "INSERT INTO answer (execution, status, headers, body) VALUES (\(sequence), ?, ?, ?)",
                [record.id.text, answer.status, StoredJSON.text(answer.headers), Data(answer.body)]
            )
        }
        return changed
    }

    private static func reschedule(_ record: ExecutionRecord, in db: Database) throws -> Int {
        var record = record
        record.state = .queued
        return try db.run(
            "UPDATE execution SET \(assignments), due = ? WHERE id = ? AND state IN ('queued', 'running')",
            ExecutionColumns.values(of: record)
                + [(record.nextAttempt ?? record.accepted).microseconds, record.id.text]
        )
    }

    private static func redrive(_ id: ExecutionID, at time: Timestamp, in db: Database) throws -> Int {
        let changed = try db.run(
            """
            UPDATE execution SET state = 'queued', attempts = 0, nextAttempt = ?, due = ?, started = NULL,
                finished = NULL, status = NULL, failureKind = NULL, failureMessage = NULL, failureType = NULL,
                callbackDue = NULL, callbackAttempts = 0
            WHERE id = ? AND state = 'dead'
            """,
            [time.microseconds, time.microseconds, id.text]
        )
        if changed > 0 { try db.run("DELETE FROM answer WHERE execution = \(sequence)", [id.text]) }
        return changed
    }

    private static func cancel(_ id: ExecutionID, at time: Timestamp, in db: Database) throws -> Int {
        let changed = try db.run(
            """
            UPDATE execution SET state = 'cancelled', finished = ?, nextAttempt = NULL, due = NULL, failureKind = ?,
                failureMessage = ?, failureType = NULL,
                callbackDue = CASE WHEN callbackURL IS NULL THEN NULL WHEN state = 'dead' THEN callbackDue ELSE ? END
            WHERE id = ? AND state IN ('queued', 'dead')
            """,
            [
                time.microseconds, CallFailure.Kind.cancelled.rawValue, "the call was cancelled", time.microseconds,
                id.text,
            ]
        )
        if changed > 0 { try deleteRequest(id, in: db) }
        return changed
    }

    private static func callback(_ id: ExecutionID, next: Timestamp?, in db: Database) throws -> Int {
        try db.run(
            """
            UPDATE execution SET callbackDue = ?, callbackAttempts = callbackAttempts + 1
            WHERE id = ? AND callbackDue IS NOT NULL
            """,
            [next?.microseconds, id.text]
        )
    }

    private static func forget(endedBefore time: Timestamp, limit: Int, in db: Database) throws -> Int {
        let forgotten = try db.rows(
            """
            SELECT sequence, id FROM execution
            WHERE finished < ? AND state NOT IN ('queued', 'running', 'dead') AND callbackDue IS NULL
            ORDER BY finished LIMIT ?
            """,
            [time.microseconds, limit]
        )
        for row in forgotten {
            try db.run("DELETE FROM execution WHERE sequence = ?", [try row.value("sequence", Int64.self)])
            let id: ExecutionID = try row.name("id")
            try db.run("UPDATE horizon SET time = max(time, ?)", [id.time.microseconds])
        }
        return forgotten.count
    }

    private static func deleteRequest(_ id: ExecutionID, in db: Database) throws {
        try db.run("DELETE FROM request WHERE execution = \(sequence)", [id.text])
    }
}
