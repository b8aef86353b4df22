import GRDB

/// The tables of `registry.sqlite`: what an operator or a developer told the node.
enum RegistrySchema {
    /// All versions of the schema, oldest first.
    ///
    /// A migration that was released is never changed.
    ///
    /// The row of a function outlives the function: it knows the last number that was given.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("registry-1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE function (name TEXT PRIMARY KEY NOT NULL, lastVersion INTEGER NOT NULL) WITHOUT ROWID;
                    CREATE TABLE version (
                        function TEXT NOT NULL REFERENCES function(name), number INTEGER NOT NULL,
                        digest TEXT NOT NULL, spec TEXT NOT NULL, bundleSize INTEGER NOT NULL,
                        published INTEGER NOT NULL, PRIMARY KEY (function, number), UNIQUE (function, digest)
                    ) WITHOUT ROWID;
                    CREATE TABLE alias (
                        function TEXT NOT NULL REFERENCES function(name), name TEXT NOT NULL, value TEXT NOT NULL,
                        PRIMARY KEY (function, name)
                    ) WITHOUT ROWID;
                    CREATE TABLE secret (
                        name TEXT PRIMARY KEY NOT NULL, sealed BLOB NOT NULL, changed INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE token (
                        id PRIMARY KEY NOT NULL, created INTEGER NOT NULL, record TEXT NOT NULL
                    ) WITHOUT ROWID;
                    """
            )
        }
        migrator.registerMigration("registry-2") { db in
            try db.execute(
                sql: """
                    CREATE TABLE weights (revision INTEGER PRIMARY KEY NOT NULL, value TEXT NOT NULL);
                    CREATE TABLE claim (
                        function TEXT NOT NULL, key NOT NULL, value TEXT NOT NULL, time INTEGER NOT NULL,
                        PRIMARY KEY (function, key)
                    ) WITHOUT ROWID;
                    CREATE INDEX claimTime ON claim(time);
                    CREATE TABLE document (name TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL) WITHOUT ROWID;
                    """
            )
        }
        return migrator
    }
}
