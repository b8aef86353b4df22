package import Domain
import GRDB

extension EmbeddedJournal {
    package func due(
        at time: Timestamp,
        limit: Int,
        excluding excluded: Set<ExecutionID>
    ) async throws -> [AcceptedCall] {
        let excludedTexts = Set(excluded.map(\.text))
        return try await writer.file.read { db in
            // The ids come from the index alone; only the chosen calls are read.
            let statement = try db.cachedStatement(
                sql: "SELECT id FROM execution WHERE due <= ? ORDER BY due, id"
            )
            let ids = try String.fetchCursor(statement, arguments: [time.microseconds])
            var chosen: [String] = []
            while chosen.count < limit, let id = try ids.next() {
                if !excludedTexts.contains(id) { chosen.append(id) }
            }
            return try chosen.compactMap { try Self.call($0, in: db) }
        }
    }

    package func nextDue(after time: Timestamp) async throws -> Timestamp? {
        try await writer.file.read { db in
            let sql = "SELECT min(due) AS due FROM execution WHERE due > ?"
            return try db.row(sql, [time.microseconds])?.optionalTime("due")
        }
    }

    package func execution(_ id: ExecutionID) async throws -> (record: ExecutionRecord, tokenID: String?)? {
        try await writer.file.read { db in
            guard let row = try db.row("SELECT * FROM execution WHERE id = ?", [id.text]) else { return nil }
            return (try ExecutionColumns.record(of: row), try row.optionalText("tokenID"))
        }
    }

    package func execution(
        of key: String,
        for function: FunctionName
    ) async throws -> (id: ExecutionID, fingerprint: String)? {
        try await writer.file.read { db in
            guard let row = try JournalStatements.execution(of: key, for: function, in: db) else { return nil }
            return (try row.name("id"), try row.text("fingerprint"))
        }
    }

    package func neverHad(_ id: ExecutionID) async throws -> Bool {
        try await writer.file.read { db in
            guard try db.row("SELECT 1 FROM execution WHERE id = ?", [id.text]) == nil else { return false }
            guard let horizon = try db.row("SELECT time FROM horizon") else { return false }
            return try id.time.microseconds > horizon.value("time")
        }
    }

    package func answer(_ id: ExecutionID) async throws -> CallAnswer? {
        try await writer.file.read { db in
            let sql = """
                SELECT answer.* FROM answer JOIN execution ON answer.execution = execution.sequence
                WHERE execution.id = ?
                """
            guard let row = try db.row(sql, [id.text]) else { return nil }
            return CallAnswer(
                status: try row.value("status"),
                headers: try row.json("headers"),
                body: try row.bytes("body")
            )
        }
    }

    package func executions(_ filter: ExecutionFilter) async throws -> [ExecutionRecord] {
        try await writer.file.read { db in try filter.records(db) }
    }

    package func backlog() async throws -> (queued: Int, dead: Int) {
        try await writer.file.read { db in
            let sql = """
                SELECT (SELECT count(*) FROM execution WHERE state = 'queued') AS queued,
                    (SELECT count(*) FROM execution WHERE state = 'dead') AS dead
                """
            guard let row = try db.row(sql) else { return (0, 0) }
            return (try row.value("queued"), try row.value("dead"))
        }
    }

    package func nextCallback() async throws -> Timestamp? {
        try await writer.file.read { db in
            try db.row("SELECT min(callbackDue) AS due FROM execution WHERE callbackDue IS NOT NULL")?
                .optionalTime("due")
        }
    }

    package func callbacksDue(at time: Timestamp, limit: Int) async throws -> [PendingCallback] {
        try await writer.file.read { db in
            let sql = """
                SELECT id, callbackURL, callbackAttempts FROM execution
                WHERE callbackDue IS NOT NULL AND callbackDue <= ? ORDER BY callbackDue, id LIMIT ?
                """
            return try db.rows(sql, [time.microseconds, max(0, limit)]).map { row in
                PendingCallback(
                    id: try row.name("id"),
                    url: try row.text("callbackURL"),
                    attempts: try row.value("callbackAttempts")
                )
            }
        }
    }

    private static func call(_ id: String, in db: Database) throws -> AcceptedCall? {
        let sql = """
            SELECT execution.*, request.head, request.traceparent, request.body
            FROM execution JOIN request ON request.execution = execution.sequence WHERE execution.id = ?
            """
        guard let row = try db.row(sql, [id]) else { return nil }
        var idempotency: AcceptedCall.Idempotency?
        if let key = try row.optionalText("idempotencyKey") {
            idempotency = .init(key: key, fingerprint: try row.text("fingerprint"))
        }
        return AcceptedCall(
            record: try ExecutionColumns.record(of: row),
            request: try row.json("head"),
            body: try row.bytes("body"),
            callbackURL: try row.optionalText("callbackURL"),
            idempotency: idempotency,
            tokenID: try row.optionalText("tokenID"),
            traceparent: try row.optionalText("traceparent")
        )
    }
}
