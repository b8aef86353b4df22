import Dispatch
import GRDB
import Synchronization

/// One SQLite database of the data folder: opened, checked and brought to the newest schema; readers beside one writer.
///
/// After ``close()`` every access is ``StoreError/closed(path:)``. GRDB's own closing is not used, because its accesses
/// may not come at the same time: here the pool goes with the last access that has it.
final class DatabaseFile: Sendable {
    /// When a commit counts as done.
    enum Durability: String {
        /// When it is on disk: it survives a cut of power.
        case full = "FULL"
        /// When the system has it: it survives the death of this process.
        case normal = "NORMAL"
    }

    /// Larger files are not read through at the start: that would keep the node down for many seconds.
    ///
    /// Damage in them shows when the damaged page is used.
    private static let largestChecked = 64 << 20
    /// Pages in the write-ahead log after which SQLite copies them into the database: 4 MiB.
    private static let checkpointPages = 1000
    /// What the write-ahead log is cut back to after it had to grow.
    private static let largestLog = 16 << 20

    let path: String
    private let pool: Mutex<DatabasePool?>

    /// Opens or creates the file with mode 0600.
    init(_ path: String, durability: Durability, migrator: DatabaseMigrator) throws(StoreError) {
        self.path = path
        // SQLite gives its other two files the mode of the first.
        _ = try System.File(path, .privateFile)
        for suffix in ["", "-wal", "-shm"] { try System.makePrivate(path + suffix) }
        do {
            let pool = try DatabasePool(path: path, configuration: Self.configuration)
            // The pool sets `synchronous` itself when it opens, so this must come after.
            try pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = \(durability.rawValue)")
                try db.execute(sql: "PRAGMA wal_autocheckpoint = \(Self.checkpointPages)")
                try db.execute(sql: "PRAGMA journal_size_limit = \(Self.largestLog)")
                try Self.check(db, path: path)
                guard try !migrator.hasBeenSuperseded(db) else { throw StoreError.newerSchema(path: path) }
            }
            try migrator.migrate(pool)
            self.pool = Mutex(pool)
        } catch let error as StoreError {
            throw error
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: throw .damaged(path: path, reason: error.message ?? "unreadable")
            default: throw .failed(path: path, reason: "\(error)")
            }
        } catch {
            throw .failed(path: path, reason: "\(error)")
        }
    }

    /// The connections, for one access.
    func connections() throws(StoreError) -> DatabasePool {
        guard let pool = pool.withLock({ $0 }) else { throw .closed(path: path) }
        return pool
    }

    /// Reads a state of the database that no writer changes meanwhile.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await connections().read(body)
    }

    /// Changes the database in a transaction of its own.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await connections().write(body)
    }

    /// Lets go of the pages that are kept in memory, and of readers, which are opened again when they are needed.
    func releaseMemory() { pool.withLock { $0 }?.releaseMemoryEventually() }

    /// Waits for the accesses that run, moves the log into the database, and closes the file.
    func close() async {
        let last = Mutex(pool.withLock { $0.take() })
        await withCheckedContinuation { continuation in
            // Closing blocks its thread, so it gets one that may be blocked.
            DispatchQueue.global().async {
                if let pool = last.withLock({ $0.take() }) {
                    // May fail, for example on a full disk: then the log stays and the next opening uses it.
                    _ = try? pool.barrierWriteWithoutTransaction { db in try db.checkpoint(.truncate) }
                }
                continuation.resume()
            }
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.maximumReaderCount = 2
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA trusted_schema = OFF")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        return configuration
    }

    private static func check(_ db: Database, path: String) throws {
        guard try Space(db).fileBytes <= largestChecked else { return }
        let report = try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
        guard report == "ok" else { throw StoreError.damaged(path: path, reason: report ?? "no report") }
    }

    /// How a database uses its file.
    struct Space {
        /// Bytes of the file.
        let fileBytes: Int
        /// Bytes of it that hold something.
        let usedBytes: Int
        let pageBytes: Int

        init(_ db: Database) throws {
            let pages = try Int.fetchOne(db.cachedStatement(sql: "PRAGMA page_count")) ?? 0
            let free = try Int.fetchOne(db.cachedStatement(sql: "PRAGMA freelist_count")) ?? 0
            self.pageBytes = try Int.fetchOne(db.cachedStatement(sql: "PRAGMA page_size")) ?? 4096
            self.fileBytes = pages * pageBytes
            self.usedBytes = (pages - free) * pageBytes
        }
    }
}
