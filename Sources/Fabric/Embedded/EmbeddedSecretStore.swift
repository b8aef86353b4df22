#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
package import Domain
import GRDB

/// The secrets of one node, in `registry.sqlite`, encrypted by AES-GCM with the key in `secrets.key`.
///
/// A value that was changed, moved to another name or encrypted with another key is ``SecretError/undecipherable(_:)``;
/// setting it again mends that.
package final class EmbeddedSecretStore: SecretStore {
    private let file: DatabaseFile
    private let key: SecretKey

    init(file: DatabaseFile, folder: DataFolder) throws(StoreError) {
        self.file = file
        self.key = try SecretKey(folder: folder)
    }

    package func put(_ name: SecretName, value: [UInt8], at time: Timestamp) async throws {
        guard value.count <= SecretLimits.largestValue else {
            throw SecretError.tooLarge(name, bytes: value.count)
        }
        let key = key
        try await file.write { db in
            let isFirst = try db.row("SELECT 1 FROM secret LIMIT 1") == nil
            try db.run(
                "INSERT OR REPLACE INTO secret (name, sealed, changed) VALUES (?, ?, ?)",
                [name.text, key.seal(value, as: name, mayCreate: isFirst), time.microseconds]
            )
        }
    }

    package func value(_ name: SecretName) async throws -> [UInt8]? {
        let row = try await file.read { db in
            try db.row("SELECT sealed FROM secret WHERE name = ?", [name.text])?.value("sealed", Data.self)
        }
        return try row.map { try key.open($0, as: name) }
    }

    package func names() async throws -> [(name: SecretName, changed: Timestamp)] {
        try await file.read { db in
            try db.rows("SELECT name, changed FROM secret ORDER BY name").map { row in
                (try row.name("name"), try row.time("changed"))
            }
        }
    }

    package func delete(_ name: SecretName) async throws -> Bool {
        try await file.write { db in try db.run("DELETE FROM secret WHERE name = ?", [name.text]) > 0 }
    }
}
