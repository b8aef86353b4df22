import GRDB

/// The tables of `journal.sqlite`.
enum JournalSchema {
    /// All versions of the schema, oldest first.
    ///
    /// A migration that was released is never changed.
    ///
    /// Bodies and answers have tables of their own, so that a change of state does not write them again. `due` is set
    /// exactly while an execution is queued, and `callbackDue` from its end until its callback is settled.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("journal-1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE execution (
                        sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, \(ExecutionColumns.definitionV1),
                        due INTEGER, tokenID, idempotencyKey, fingerprint, callbackURL, callbackDue INTEGER,
                        callbackAttempts INTEGER NOT NULL DEFAULT 0
                    );
                    CREATE UNIQUE INDEX executionKey ON execution(function, idempotencyKey)
                        WHERE idempotencyKey IS NOT NULL;
                    CREATE INDEX executionDue ON execution(due, id) WHERE due IS NOT NULL;
                    CREATE INDEX executionState ON execution(state, id);
                    CREATE INDEX executionFunction ON execution(function, id);
                    CREATE INDEX executionFinished ON execution(finished) WHERE finished IS NOT NULL;
                    CREATE INDEX executionCallback ON execution(callbackDue, id) WHERE callbackDue IS NOT NULL;
                    CREATE TABLE request (
                        execution INTEGER PRIMARY KEY REFERENCES execution(sequence) ON DELETE CASCADE,
                        head TEXT NOT NULL, traceparent, body BLOB NOT NULL
                    );
                    CREATE TABLE answer (
                        execution INTEGER PRIMARY KEY REFERENCES execution(sequence) ON DELETE CASCADE,
                        status INTEGER NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL
                    );
                    """
            )
        }
        migrator.registerMigration("journal-2") { db in
            try db.execute(sql: "ALTER TABLE execution ADD COLUMN \(ExecutionColumns.addedV2)")
        }
        migrator.registerMigration("journal-3") { db in
            // Of what was made up to this time the journal may have forgotten something, or was not there yet.
            try db.execute(
                sql: """
                    CREATE TABLE horizon (time INTEGER NOT NULL);
                    INSERT INTO horizon (time) VALUES ((CAST(strftime('%s', 'now') AS INTEGER) + 1) * 1000000);
                    """
            )
        }
        migrator.registerMigration("journal-4") { db in
            try db.execute(sql: "ALTER TABLE execution ADD COLUMN \(ExecutionColumns.addedWithEgress)")
        }
        migrator.registerMigration("journal-5") { db in
            for column in ExecutionColumns.addedWithPhases {
                try db.execute(sql: "ALTER TABLE execution ADD COLUMN \(column)")
            }
        }
        return migrator
    }
}
