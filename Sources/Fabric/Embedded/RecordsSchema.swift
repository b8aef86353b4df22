import Domain
import GRDB

/// The tables of `records.sqlite`.
enum RecordsSchema {
    /// All versions of the schema, oldest first.
    ///
    /// A migration that was released is never changed.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("records-1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE record (id TEXT PRIMARY KEY NOT NULL, \(ExecutionColumns.definitionV1)) WITHOUT ROWID;
                    CREATE INDEX recordFunction ON record(function, id);
                    CREATE TABLE log (
                        sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, function TEXT NOT NULL,
                        version INTEGER NOT NULL, execution TEXT, stream NOT NULL, level NOT NULL, message NOT NULL
                    );
                    CREATE INDEX logFunction ON log(function);
                    CREATE INDEX logExecution ON log(execution) WHERE execution IS NOT NULL;
                    """
            )
        }
        migrator.registerMigration("records-2") { db in
            try db.execute(
                sql: """
                    ALTER TABLE record ADD COLUMN \(ExecutionColumns.addedV2);
                    CREATE TABLE decision (execution TEXT PRIMARY KEY NOT NULL, report TEXT NOT NULL) WITHOUT ROWID;
                    """
            )
        }
        migrator.registerMigration("records-3") { db in
            try db.execute(sql: "ALTER TABLE record ADD COLUMN \(ExecutionColumns.addedWithEgress)")
        }
        migrator.registerMigration("records-4") { db in
            for column in ExecutionColumns.addedWithPhases {
                try db.execute(sql: "ALTER TABLE record ADD COLUMN \(column)")
            }
        }
        migrator.registerMigration("records-5") { db in
            try db.execute(
                sql: """
                    CREATE TABLE recordBlock (
                        number INTEGER PRIMARY KEY, function TEXT NOT NULL, oldest TEXT NOT NULL, newest TEXT NOT NULL,
                        count INTEGER NOT NULL, records BLOB NOT NULL
                    );
                    CREATE INDEX recordBlockNewest ON recordBlock(newest, oldest);
                    CREATE INDEX recordBlockFunction ON recordBlock(function, newest);
                    """
            )
            try packRecords(in: db)
            try db.execute(sql: "DROP TABLE record")
        }
        return migrator
    }

    /// Records that are packed at once.
    private static let packed = 2_000

    /// Moves the rows of earlier versions into blocks; what this version cannot read is left out.
    private static func packRecords(in db: Database) throws {
        let rows = try Row.fetchCursor(db, sql: "SELECT * FROM record ORDER BY id")
        var records: [ExecutionRecord] = []
        while let row = try rows.next() {
            if let record = try? ExecutionColumns.record(of: row) { records.append(record) }
            guard records.count == packed else { continue }
            try RecordBlocks(db: db).append(records) {}
            records = []
        }
        try RecordBlocks(db: db).append(records) {}
    }
}
