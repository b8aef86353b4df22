#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
package import Domain
import GRDB

/// What one node knows of its continuum, in `registry.sqlite`.
package final class EmbeddedContinuumStore: ContinuumStore {
    /// States of the weights that are kept.
    private static let historyLimit = 1000

    private let file: DatabaseFile
    /// Held, so that the folder stays ours as long as someone holds this store.
    private let folder: DataFolder

    init(file: DatabaseFile, folder: DataFolder) {
        self.file = file
        self.folder = folder
    }

    package func weights() async throws -> WeightRevision? { try await weightHistory(limit: 1).first }

    package func weightHistory(limit: Int) async throws -> [WeightRevision] {
        try await file.read { db in
            try db.rows("SELECT value FROM weights ORDER BY revision DESC LIMIT ?", [max(0, limit)])
                .map { try $0.json("value") }
        }
    }

    package func append(_ revision: WeightRevision) async throws -> Bool {
        try await file.write { db in
            let newest = try db.row("SELECT max(revision) AS newest FROM weights")?.optional("newest", Int.self) ?? 0
            guard revision.revision == newest + 1 else { return false }
            try Self.insert(revision, in: db)
            return true
        }
    }

    package func adopt(_ revision: WeightRevision) async throws {
        try await file.write { db in
            try db.run("DELETE FROM weights WHERE revision >= ?", [revision.revision])
            try Self.insert(revision, in: db)
        }
    }

    private static func insert(_ revision: WeightRevision, in db: Database) throws {
        try db.run(
            "INSERT INTO weights (revision, value) VALUES (?, ?)",
            [revision.revision, StoredJSON.text(revision)]
        )
        try db.run("DELETE FROM weights WHERE revision <= ?", [revision.revision - historyLimit])
    }

    package func claim(
        _ claim: IdempotencyClaim,
        replacing replaced: ExecutionID?
    ) async throws -> IdempotencyClaim {
        try await file.write { db in
            let same = "SELECT value FROM claim WHERE function = ? AND key = ?"
            let place: [(any DatabaseValueConvertible)?] = [claim.function.text, StoredText(claim.key)]
            let earlier: IdempotencyClaim? = try db.row(same, place)?.json("value")
            if let earlier, earlier.execution != replaced { return earlier }
            try db.run(
                "INSERT OR REPLACE INTO claim (function, key, value, time) VALUES (?, ?, ?, ?)",
                place + [StoredJSON.text(claim), claim.time.microseconds]
            )
            return claim
        }
    }

    package func forgetClaims(before time: Timestamp) async throws {
        try await file.write { db in _ = try db.run("DELETE FROM claim WHERE time < ?", [time.microseconds]) }
    }

    package func document(_ name: ContinuumDocument) async throws -> [UInt8]? {
        try await file.read { db in
            try db.row("SELECT value FROM document WHERE name = ?", [name.rawValue])?.bytes("value")
        }
    }

    package func store(_ bytes: [UInt8], as name: ContinuumDocument) async throws {
        _ = try await file.write { db in
            try db.run(
                "INSERT OR REPLACE INTO document (name, value) VALUES (?, ?)",
                [name.rawValue, Data(bytes)]
            )
        }
    }
}
