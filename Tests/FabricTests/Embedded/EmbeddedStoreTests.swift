import Domain
import Fabric
import Foundation
import GRDB
import Testing

@Suite("The embedded store and its folder")
struct EmbeddedStoreTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    @Test("only its owner may read the folder and every file")
    func modes() async throws {
        try folder.setMode(0o755)
        let store = try EmbeddedStore(folder: folder.path)
        _ = try await store.journal.accept(Sample.call(1))
        try await store.records.append(records: [Sample.record(1)], logs: [], decisions: [])
        try await store.secrets.put(SecretName("KEY"), value: [1], at: Sample.time(1))
        #expect(try folder.mode() == 0o700)
        let names = try folder.names()
        #expect(names.contains("journal.sqlite-wal"))
        #expect(names.contains("secrets.key"))
        for name in names { #expect(try folder.mode(name) == 0o600, "\(name)") }
        await store.close()
    }

    @Test("files that others may read are closed to them")
    func tightensModes() async throws {
        let store = try EmbeddedStore(folder: folder.path)
        try await store.secrets.put(SecretName("KEY"), value: [1], at: Sample.time(1))
        await store.close()
        try folder.setMode(0o755)
        for name in try folder.names() { try folder.setMode(0o644, of: name) }
        let again = try EmbeddedStore(folder: folder.path)
        #expect(try folder.mode() == 0o700)
        for name in try folder.names() { #expect(try folder.mode(name) == 0o600, "\(name)") }
        await again.close()
    }

    @Test("a folder of other things that others may read is refused and left as it is")
    func refusesExposedFolder() throws {
        try folder.write(Data("mine".utf8), to: "notes.txt")
        try folder.setMode(0o755)
        let error = #expect(throws: StoreError.self) { _ = try EmbeddedStore(folder: folder.path) }
        #expect(error == .exposed(folder: folder.path, mode: 0o755))
        #expect("\(try #require(error))".contains("chmod 700"))
        #expect(try folder.mode() == 0o755)
        #expect(try folder.names() == ["notes.txt"])
    }

    @Test("where all takes too much room the oldest lines and records go")
    func trimsBytes() async throws {
        let store = try EmbeddedStore(folder: folder.path)
        let message = String(repeating: "x", count: 8_000)
        let records = try (1...10).map { try Sample.record($0) }
        let lines = try (1...1_000).map { try Sample.line($0, message: message) }
        try await store.records.append(records: records, logs: lines, decisions: [])
        for _ in 0..<3 { try await store.records.trim(records: 100, logs: 10_000, decisions: 10, bytes: 2 << 20) }
        let left = try await store.records.logs(function: Sample.function(), execution: nil, limit: 10_000)
        // A line of 8,000 bytes takes two pages and a part of another.
        #expect((100...260).contains(left.count))
        #expect(left == Array(lines.suffix(left.count)))
        let found = try await store.records.executions(.init())
        #expect(found.count < 10 && found == Array(records.suffix(found.count).reversed()))
        await store.close()
    }

    @Test("missing folders are made, the last one private")
    func makesFolders() async throws {
        let store = try EmbeddedStore(folder: folder.file("a/b"))
        #expect(try folder.mode("a/b") == 0o700)
        await store.close()
    }

    @Test("a file in place of the folder is told")
    func refusesFile() throws {
        try folder.write(Data(), to: "data")
        let error = try #require(
            #expect(throws: StoreError.self) { _ = try EmbeddedStore(folder: folder.file("data")) }
        )
        #expect("\(error)".contains(folder.file("data")))
        #expect("\(error)".contains("Not a directory"))
    }

    @Test("one process has the folder; it is free after closing, or when nobody holds a store")
    func lock() async throws {
        let store = try EmbeddedStore(folder: folder.path)
        let process = Int(ProcessInfo.processInfo.processIdentifier)
        #expect(throws: StoreError.inUse(folder: folder.path, process: process)) {
            _ = try EmbeddedStore(folder: folder.path)
        }
        await store.close()
        var second: EmbeddedStore? = try EmbeddedStore(folder: folder.path)
        let tokens = try #require(second?.tokens)
        second = nil
        #expect(throws: StoreError.self) { _ = try EmbeddedStore(folder: folder.path) }
        _ = try await tokens.tokens()
    }

    @Test("commits of registry and journal are flushed, those of records are not", arguments: [true, false])
    func durability(isReopened: Bool) async throws {
        if isReopened { await (try EmbeddedStore(folder: folder.path)).close() }
        let store = try EmbeddedStore(folder: folder.path)
        #expect(try await store.synchronousLevels() == ["registry": 2, "journal": 2, "records": 1])
        await store.close()
    }

    @Test("everything is there after the store was dropped without being closed", .timeLimit(.minutes(1)))
    func survivesDrop() async throws {
        try await fillAndDrop()
        // The thread of the database may be about to let go.
        var reopened: EmbeddedStore?
        while reopened == nil {
            do throws(StoreError) {
                reopened = try EmbeddedStore(folder: folder.path)
            } catch .inUse {
                await Task.yield()
            }
        }
        try await checkFilled(try #require(reopened))
    }

    @Test("everything acknowledged is on disk while the store is still open, as a cut of power would leave it")
    func survivesCut() async throws {
        let store = try EmbeddedStore(folder: folder.path)
        try await fill(store)
        let cut = try folder.snapshot()
        try await checkFilled(try EmbeddedStore(folder: cut.path))
        await store.close()
    }

    @Test("a newer schema is refused with the file's path", arguments: ["registry", "journal", "records"])
    func refusesNewerSchema(name: String) async throws {
        await (try EmbeddedStore(folder: folder.path)).close()
        let path = folder.file("\(name).sqlite")
        let queue = try DatabaseQueue(path: path)
        try await queue.write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('\(name)-999')")
        }
        try queue.close()
        #expect(throws: StoreError.newerSchema(path: path)) { _ = try EmbeddedStore(folder: folder.path) }
        #expect("\(StoreError.newerSchema(path: path))".contains(path))
    }

    @Test("a damaged file is told with its path", arguments: ["registry", "journal", "records"], [0, 4096])
    func refusesDamage(name: String, offset: Int) async throws {
        let store = try EmbeddedStore(folder: folder.path)
        try await fill(store)
        await store.close()
        var content = try folder.content("\(name).sqlite")
        let end = min(offset + 3000, content.count)
        content.replaceSubrange(offset..<end, with: Data(repeating: 0x5a, count: end - offset))
        try folder.write(content, to: "\(name).sqlite")
        let error = #expect(throws: StoreError.self) { _ = try EmbeddedStore(folder: folder.path) }
        guard case .damaged(let path, _) = error else {
            Issue.record("\(String(describing: error)) instead of damaged")
            return
        }
        #expect(path == folder.file("\(name).sqlite"))
    }

    @Test("a closed store refuses and does not hang")
    func closed() async throws {
        let store = try EmbeddedStore(folder: folder.path)
        await store.close()
        await store.close()
        await #expect(throws: JournalError.self) { try await store.journal.accept(Sample.call(1)) }
        await #expect(throws: (any Error).self) { try await store.journal.backlog() }
        await #expect(throws: (any Error).self) { try await store.registry.functions() }
        await #expect(throws: (any Error).self) {
            try await store.records.append(records: [], logs: [Sample.line(1)], decisions: [])
        }
    }

    private func fillAndDrop() async throws { try await fill(EmbeddedStore(folder: folder.path)) }

    private func fill(_ store: EmbeddedStore) async throws {
        for number in 1...50 { _ = try await store.journal.accept(Sample.call(number, key: "\(number)")) }
        try await store.journal.finish(Sample.ended(Sample.call(1)), answer: CallAnswer(status: 200, body: [9]))
        let spec = try Sample.spec("a")
        _ = try await store.registry.publish(spec, digest: Sample.digest(1), bundleSize: 1, at: Sample.time(1))
        try await store.secrets.put(SecretName("KEY"), value: [1, 2, 3], at: Sample.time(1))
        try await store.tokens.add(Sample.token("t", created: 1))
        try await store.records.append(records: [Sample.fullRecord(7)], logs: [Sample.line(1)], decisions: [])
    }

    private func checkFilled(_ store: EmbeddedStore) async throws {
        let due = try await store.journal.due(at: Sample.time(100), limit: 100, excluding: [])
        #expect(due == (try (2...50).map { try Sample.call($0, key: "\($0)") }))
        #expect(try await store.journal.answer(Sample.id(1))?.body == [9])
        #expect(try await store.journal.accept(Sample.call(99, key: "50")) == .existing(Sample.id(50)))
        #expect(try await store.registry.function(Sample.function("a"))?.versions.count == 1)
        #expect(try await store.secrets.value(SecretName("KEY")) == [1, 2, 3])
        #expect(try await store.tokens.tokens() == [Sample.token("t", created: 1)])
        #expect(try await store.records.execution(Sample.id(7)) == Sample.fullRecord(7))
        await store.close()
    }
}
