package import Domain
import GRDB

/// The registry of one node, in `registry.sqlite`.
package final class EmbeddedRegistry: Registry {
    private let file: DatabaseFile
    /// Held, so that the folder stays ours as long as someone holds this store.
    private let folder: DataFolder

    init(file: DatabaseFile, folder: DataFolder) {
        self.file = file
        self.folder = folder
    }

    package func functions() async throws -> [PublishedFunction] {
        try await file.read { db in
            let versions = try Dictionary(
                grouping: db.rows("SELECT * FROM version ORDER BY function, number"),
                by: { try $0.value("function", String.self) }
            )
            let aliases = try Dictionary(
                grouping: db.rows("SELECT * FROM alias ORDER BY function, name"),
                by: { try $0.value("function", String.self) }
            )
            return try versions.keys.sorted().compactMap { name in
                PublishedFunction(
                    name: try FunctionName(name),
                    versions: try (versions[name] ?? []).map(Self.version(of:)),
                    aliases: try (aliases[name] ?? []).map { try $0.json("value") }
                )
            }
        }
    }

    package func function(_ name: FunctionName) async throws -> PublishedFunction? {
        try await file.read { db in try Self.function(name, in: db) }
    }

    package func publish(
        _ spec: FunctionSpec,
        digest: Digest,
        bundleSize: UInt64,
        at time: Timestamp
    ) async throws -> (version: FunctionVersion, isNew: Bool) {
        try await file.write { db in
            let name = spec.name.text
            let same = "SELECT * FROM version WHERE function = ? AND digest = ?"
            if let row = try db.row(same, [name, digest.text]) { return (try Self.version(of: row), false) }
            try db.run(
                """
                INSERT INTO function (name, lastVersion) VALUES (?, 1)
                ON CONFLICT (name) DO UPDATE SET lastVersion = lastVersion + 1
                """,
                [name]
            )
            guard let row = try db.row("SELECT lastVersion FROM function WHERE name = ?", [name]) else {
                throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "the row just written is not there")
            }
            let version = FunctionVersion(
                number: try row.version("lastVersion"),
                digest: digest,
                spec: spec,
                bundleSize: bundleSize,
                published: time
            )
            try Self.insert(version, in: db)
            return (version, true)
        }
    }

    package func delete(_ name: FunctionName) async throws {
        try await file.write { db in
            let function = try Self.required(name, in: db)
            if let alias = function.aliases.first { throw RegistryError.aliasPoints(name, alias.name) }
            try db.run("DELETE FROM version WHERE function = ?", [name.text])
        }
    }

    package func delete(_ name: FunctionName, version: VersionNumber) async throws {
        try await file.write { db in
            let function = try Self.required(name, in: db)
            guard function.version(version) != nil else { throw RegistryError.noSuchVersion(name, version) }
            if let alias = function.aliases.first(where: { $0.pointsTo(version) }) {
                throw RegistryError.aliasPoints(name, alias.name)
            }
            try db.run("DELETE FROM version WHERE function = ? AND number = ?", [name.text, Int64(version.value)])
        }
    }

    package func set(_ alias: Alias, of name: FunctionName) async throws {
        try await file.write { db in
            let function = try Self.required(name, in: db)
            for version in [alias.version, alias.split?.version].compactMap(\.self)
            where function.version(version) == nil {
                throw RegistryError.noSuchVersion(name, version)
            }
            try db.run(
                "INSERT OR REPLACE INTO alias (function, name, value) VALUES (?, ?, ?)",
                [name.text, alias.name.text, StoredJSON.text(alias)]
            )
        }
    }

    package func deleteAlias(_ alias: AliasName, of name: FunctionName) async throws {
        try await file.write { db in
            let deleted = try db.run(
                "DELETE FROM alias WHERE function = ? AND name = ?",
                [name.text, alias.text]
            )
            guard deleted > 0 else { throw RegistryError.noSuchAlias(name, alias) }
        }
    }

    package func replaceAll(with functions: [PublishedFunction]) async throws {
        try await file.write { db in
            try db.run("DELETE FROM alias", [])
            try db.run("DELETE FROM version", [])
            for function in functions {
                let last = function.versions.map { Int64($0.number.value) }.max() ?? 0
                try db.run(
                    """
                    INSERT INTO function (name, lastVersion) VALUES (?, ?)
                    ON CONFLICT (name) DO UPDATE SET lastVersion = max(lastVersion, excluded.lastVersion)
                    """,
                    [function.name.text, last]
                )
                for version in function.versions { try Self.insert(version, in: db) }
                for alias in function.aliases {
                    try db.run(
                        "INSERT INTO alias (function, name, value) VALUES (?, ?, ?)",
                        [function.name.text, alias.name.text, StoredJSON.text(alias)]
                    )
                }
            }
        }
    }

    private static func insert(_ version: FunctionVersion, in db: Database) throws {
        try db.run(
            """
            INSERT INTO version (function, number, digest, spec, bundleSize, published)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                version.spec.name.text, Int64(version.number.value), version.digest.text,
                StoredJSON.text(version.spec), Int64(bitPattern: version.bundleSize), version.published.microseconds,
            ]
        )
    }

    package func digests() async throws -> Set<Digest> {
        try await file.read { db in
            try Set(db.rows("SELECT DISTINCT digest FROM version").map { try $0.name("digest") })
        }
    }

    private static func required(_ name: FunctionName, in db: Database) throws -> PublishedFunction {
        guard let function = try function(name, in: db) else { throw RegistryError.noSuchFunction(name) }
        return function
    }

    private static func function(_ name: FunctionName, in db: Database) throws -> PublishedFunction? {
        let versions = try db.rows("SELECT * FROM version WHERE function = ? ORDER BY number", [name.text])
        let aliases = try db.rows("SELECT * FROM alias WHERE function = ? ORDER BY name", [name.text])
        return PublishedFunction(
            name: name,
            versions: try versions.map(version(of:)),
            aliases: try aliases.map { try $0.json("value") }
        )
    }

    private static func version(of row: Row) throws -> FunctionVersion {
        FunctionVersion(
            number: try row.version("number"),
            digest: try row.name("digest"),
            spec: try row.json("spec"),
            bundleSize: try row.unsigned("bundleSize"),
            published: try row.time("published")
        )
    }
}
