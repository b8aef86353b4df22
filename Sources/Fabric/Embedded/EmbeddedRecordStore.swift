package import Domain
import GRDB

/// The records and log lines of one node, in `records.sqlite`.
package final class EmbeddedRecordStore: RecordStore {
    /// Lines, and records, that go at once where all together take too much: whoever writes in the meantime waits.
    private static let deletedAtOnce = 20_000
    private static let countRecords = "SELECT sum(count) FROM recordBlock"

    let file: DatabaseFile
    /// Held, so that the folder stays ours as long as someone holds this store.
    private let folder: DataFolder
    private let recordCount = RowCount()
    private let decisionCount = RowCount()

    init(folder: DataFolder) throws(StoreError) {
        self.folder = folder
        self.file = try DatabaseFile(
            folder.file("records.sqlite"),
            durability: .normal,
            migrator: RecordsSchema.migrator
        )
    }

    package func append(records: [ExecutionRecord], logs: [LogEntry], decisions: [DecisionReport]) async throws {
        try await file.write { [recordCount, decisionCount] db in
            // A turn on a processor lasts milliseconds: calls that wait for this one need not wait for its end.
            try RecordBlocks(db: db).append(records, pause: System.letOthersRun)
            var lines = try RowInsertion(Self.insertLine, in: db)
            for (number, line) in logs.enumerated() {
                Self.add(line, to: &lines)
                try lines.run()
                if number.isMultiple(of: 16) { System.letOthersRun() }
            }
            var decisionsAdded = 0
            for decision in decisions {
                // A sample: a report with figures that are none must not take the records with it.
                guard let report = try? StoredJSON.text(decision) else { continue }
                try db.run(
                    "INSERT OR REPLACE INTO decision (execution, report) VALUES (?, ?)",
                    [decision.execution.text, report]
                )
                decisionsAdded += 1
            }
            recordCount.changed(by: records.count, with: db)
            decisionCount.changed(by: decisionsAdded, with: db)
        }
    }

    package func execution(_ id: ExecutionID) async throws -> ExecutionRecord? {
        try await file.read { db in
            try RecordBlocks(db: db).record(id)
        }
    }

    package func decision(_ id: ExecutionID) async throws -> DecisionReport? {
        try await file.read { db in
            try db.row("SELECT report FROM decision WHERE execution = ?", [id.text])?.json("report")
        }
    }

    package func executions(_ filter: ExecutionFilter) async throws -> [ExecutionRecord] {
        try await file.read { db in try RecordBlocks(db: db).records(filter) }
    }

    package func logs(function: FunctionName, execution: ExecutionID?, limit: Int) async throws -> [LogEntry] {
        try await file.read { db in
            let ofFunction = "SELECT * FROM log WHERE function = ? ORDER BY sequence DESC LIMIT ?"
            let ofExecution = "SELECT * FROM log WHERE execution = ? AND function = ? ORDER BY sequence DESC LIMIT ?"
            let rows =
                if let execution {
                    try db.rows(ofExecution, [execution.text, function.text, max(0, limit)])
                } else {
                    try db.rows(ofFunction, [function.text, max(0, limit)])
                }
            return try rows.reversed().map(Self.line(of:))
        }
    }

    package func trim(records: Int, logs: Int, decisions: Int, bytes: Int) async throws {
        try await file.write { [recordCount, decisionCount] db in
            try Self.trimRecords(to: records, recordCount, db)
            try Self.trimDecisions(to: decisions, decisionCount, db)
            // Lines are numbered one after another.
            try db.run("DELETE FROM log WHERE sequence <= (SELECT max(sequence) FROM log) - ?", [max(0, logs)])
            try Self.trimBytes(to: bytes, recordCount, db)
        }
    }

    private static func trimRecords(to limit: Int, _ count: RowCount, _ db: Database) throws {
        let excess = try count.value(countRecords, db) - max(0, limit)
        guard excess > 0 else { return }
        try RecordBlocks(db: db).deleteOldest(excess)
        count.changed(by: -excess, with: db)
    }

    /// Deletes the oldest decisions, whose keys grow with time.
    ///
    /// What is kept is not looked at, which would be to read the whole table each time.
    private static func trimDecisions(to limit: Int, _ count: RowCount, _ db: Database) throws {
        let excess = try count.value("SELECT count(*) FROM decision", db) - max(0, limit)
        guard excess > 0 else { return }
        let oldest = "SELECT execution FROM decision ORDER BY execution LIMIT ?"
        try db.run("DELETE FROM decision WHERE execution IN (\(oldest))", [excess])
        count.changed(by: -excess, with: db)
    }

    /// Deletes as large a part of lines and records, the oldest ones, as the file holds too much.
    private static func trimBytes(to limit: Int, _ recordCount: RowCount, _ db: Database) throws {
        let used = try DatabaseFile.Space(db).usedBytes
        guard used > limit else { return }
        let share = Double(used - limit) / Double(used)
        let records = try recordCount.value(countRecords, db)
        try trimRecords(to: records - min(Int(Double(records) * share) + 1, deletedAtOnce), recordCount, db)
        guard let row = try db.row("SELECT min(sequence) AS first, max(sequence) AS last FROM log"),
            let first: Int64 = try row.optional("first"), let last: Int64 = try row.optional("last")
        else { return }
        let lines = min(Int(Double(last - first + 1) * share) + 1, deletedAtOnce)
        try db.run("DELETE FROM log WHERE sequence < ?", [first + Int64(lines)])
    }

    package func close() async { await file.close() }

    private static let insertLine = """
        INSERT INTO log (time, function, version, execution, stream, level, message) VALUES (?, ?, ?, ?, ?, ?, ?)
        """

    private static func add(_ line: LogEntry, to row: inout some ColumnSink) {
        row.add(line.time.microseconds)
        row.add(line.function.text)
        row.add(Int64(line.version.value))
        row.add(line.execution?.text)
        row.add(outside: line.stream)
        row.add(outside: line.level)
        row.add(outside: line.message)
    }

    private static func line(of row: Row) throws -> LogEntry {
        LogEntry(
            time: try row.time("time"),
            function: try row.name("function"),
            version: try row.version("version"),
            execution: try row.optionalText("execution").map { try ExecutionID($0) },
            stream: try row.text("stream"),
            level: try row.text("level"),
            message: try row.text("message")
        )
    }
}
