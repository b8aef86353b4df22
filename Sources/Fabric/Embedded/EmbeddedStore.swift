import GRDB

/// Everything that one node remembers, in SQLite databases in its data folder.
///
/// | file | holds | a commit is done when |
/// |---|---|---|
/// | `registry.sqlite` | functions, aliases, secrets (encrypted), tokens (hashed), weights | it is on disk |
/// | `journal.sqlite` | asynchronous calls and their answers | it is on disk |
/// | `records.sqlite` | records of synchronous calls, log lines | the system has it |
/// | `secrets.key` | the key of the secrets | |
/// | `lock` | the right of one process to use the folder | |
///
/// The folder has mode 0700 and every file 0600. The stores stay usable as long as someone holds them; the folder is
/// free for another process after ``close()``, or when the last of them is gone.
package final class EmbeddedStore: Sendable {
    package let registry: EmbeddedRegistry
    package let secrets: EmbeddedSecretStore
    package let tokens: EmbeddedTokenStore
    package let continuum: EmbeddedContinuumStore
    package let journal: EmbeddedJournal
    package let records: EmbeddedRecordStore
    private let folder: DataFolder
    private let registryFile: DatabaseFile

    /// Opens the folder, creates what is missing, and brings the databases to the newest schema.
    ///
    /// Blocks its thread for the reads and writes of that; files of up to 64 MiB are checked for damage.
    package init(folder path: String, journal limits: JournalLimits = .init()) throws(StoreError) {
        let folder = try DataFolder(path)
        let file = try DatabaseFile(
            folder.file("registry.sqlite"),
            durability: .full,
            migrator: RegistrySchema.migrator
        )
        self.folder = folder
        self.registryFile = file
        self.registry = EmbeddedRegistry(file: file, folder: folder)
        self.secrets = try EmbeddedSecretStore(file: file, folder: folder)
        self.tokens = EmbeddedTokenStore(file: file, folder: folder)
        self.continuum = EmbeddedContinuumStore(file: file, folder: folder)
        self.journal = try EmbeddedJournal(folder: folder, limits: limits)
        self.records = try EmbeddedRecordStore(folder: folder)
    }

    /// What SQLite says of each database's commits: 2 when every one is flushed to disk, 1 when only those are that
    /// move the write-ahead log into the database.
    package func synchronousLevels() async throws -> [String: Int] {
        var levels: [String: Int] = [:]
        for (name, file) in [("registry", registryFile), ("journal", journal.writer.file), ("records", records.file)] {
            levels[name] = try await file.connections().writeWithoutTransaction { db in
                try Int.fetchOne(db, sql: "PRAGMA synchronous")
            }
        }
        return levels
    }

    /// Lets go, soon, of memory that only makes the databases quicker.
    package func releaseMemory() {
        for file in [registryFile, journal.writer.file, records.file] { file.releaseMemory() }
    }

    /// Writes out what is pending, closes the databases and frees the folder; the stores then refuse everything.
    package func close() async {
        await journal.close()
        await records.close()
        await registryFile.close()
        folder.release()
    }
}
