package import Domain
import GRDB

/// The tokens of one node, in `registry.sqlite`: their hashes and what they allow.
package final class EmbeddedTokenStore: TokenStore {
    private let file: DatabaseFile
    /// Held, so that the folder stays ours as long as someone holds this store.
    private let folder: DataFolder

    init(file: DatabaseFile, folder: DataFolder) {
        self.file = file
        self.folder = folder
    }

    package func add(_ token: TokenRecord) async throws {
        try await file.write { db in
            guard try db.row("SELECT 1 FROM token WHERE id = ?", [StoredText(token.id)]) == nil else {
                throw TokenError.exists(id: token.id)
            }
            try db.run(
                "INSERT INTO token (id, created, record) VALUES (?, ?, ?)",
                [StoredText(token.id), token.created.microseconds, StoredJSON.text(token)]
            )
        }
    }

    package func tokens() async throws -> [TokenRecord] {
        try await file.read { db in
            try db.rows("SELECT record FROM token ORDER BY created, id").map { try $0.json("record") }
        }
    }

    package func remove(id: String) async throws -> Bool {
        try await file.write { db in try db.run("DELETE FROM token WHERE id = ?", [StoredText(id)]) > 0 }
    }
}
