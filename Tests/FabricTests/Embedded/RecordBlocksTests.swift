import Domain
import Fabric
import Foundation
import GRDB
import Testing

/// Records lie in blocks of many: lists, single ones and what is deleted have to be as if each had a row of its own.
@Suite("Blocks of records")
struct RecordBlocksTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    /// A record whose fields depend on its number and on how often it was stored.
    private static func record(_ number: Int, edition: Int = 0) throws -> ExecutionRecord {
        var record = try Sample.record(number, function: ["one", "two", "three"][number % 3], isAsync: false)
        record.state = (number + edition).isMultiple(of: 7) ? .failed : .succeeded
        record.requestBytes = UInt64(number)
        record.responseBytes = UInt64(edition)
        return record
    }

    /// What a list has to be.
    private static func listed(
        _ records: [ExecutionID: ExecutionRecord],
        _ filter: ExecutionFilter
    ) -> [ExecutionRecord] {
        let meant = records.values.filter { record in
            filter.function.map { $0 == record.function } ?? true
                && (filter.states.isEmpty || filter.states.contains(record.state))
                && filter.before.map { record.id < $0 } ?? true
        }
        return Array(meant.sorted { $0.id > $1.id }.prefix(filter.limit))
    }

    private static func filters() throws -> [ExecutionFilter] {
        var filters: [ExecutionFilter] = []
        for function in [nil, "one", "three", "none"] {
            for states in [[], [ExecutionState.failed], [.failed, .succeeded], [.queued]] as [Set<ExecutionState>] {
                for before in [nil, 5, 400, 1_000] {
                    for limit in [1, 50, 1_000] {
                        filters.append(
                            ExecutionFilter(
                                function: try function.map(FunctionName.init),
                                states: states,
                                before: try before.map(Sample.id),
                                limit: limit
                            )
                        )
                    }
                }
            }
        }
        return filters
    }

    @Test("whatever the order they come in, and however often, they are listed as they have to be", arguments: 1...3)
    func lists(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let store = try EmbeddedStore(folder: folder.path)
        var kept: [ExecutionID: ExecutionRecord] = [:]
        // Long calls are recorded long after others that began with them.
        var numbers = Array(1...900)
        for index in numbers.indices {
            numbers.swapAt(index, min(899, index + Int.random(in: 0...120, using: &random)))
        }
        while !numbers.isEmpty {
            let count = Int.random(in: 1...200, using: &random)
            var batch = try numbers.prefix(count).map { try Self.record($0) }
            numbers.removeFirst(min(count, numbers.count))
            for _ in 0..<3 {
                let known = kept.values.map(\.requestBytes).sorted()
                guard let again = known.randomElement(using: &random) else { break }
                batch.append(try Self.record(Int(again), edition: Int.random(in: 1...9, using: &random)))
            }
            try await store.records.append(records: batch, logs: [], decisions: [])
            for record in batch { kept[record.id] = record }
        }
        for filter in try Self.filters() {
            #expect(try await store.records.executions(filter) == Self.listed(kept, filter), "\(filter)")
        }
        for (id, record) in kept { #expect(try await store.records.execution(id) == record) }
        await store.close()
    }

    @Test(
        "as many as asked for are left, the newest, however blocks and bounds lie",
        arguments: [0, 1, 63, 64, 65, 150, 299, 300]
    )
    func trims(count: Int) async throws {
        let store = try EmbeddedStore(folder: folder.path)
        for start in stride(from: 1, to: 300, by: 100) {
            let records = try (start..<start + 100).map { try Sample.record($0) }
            try await store.records.append(records: records, logs: [], decisions: [])
        }
        try await store.records.trim(records: count, logs: 10, decisions: 10, bytes: 1 << 30)
        let left = try await store.records.executions(.init(limit: 1_000))
        #expect(left == (0..<count).compactMap { try? Sample.record(300 - $0) })
        // And once more from there, after others have come.
        try await store.records.append(records: [Sample.record(301)], logs: [], decisions: [])
        try await store.records.trim(records: 1, logs: 10, decisions: 10, bytes: 1 << 30)
        #expect(try await store.records.executions(.init()) == [Sample.record(301)])
        await store.close()
    }

    @Test("what earlier versions stored is there after an upgrade, and what cannot be read is left out")
    func upgrades() async throws {
        let full = try Sample.fullRecord(5)
        let store = try EmbeddedStore(folder: folder.path)
        try await store.records.append(records: [full], logs: [Sample.line(1)], decisions: [])
        await store.close()
        // Back to the schema of rows: as version 4 had it.
        let queue = try DatabaseQueue(path: folder.file("records.sqlite"))
        try await queue.write { db in
            try db.execute(sql: "DROP TABLE recordBlock; DELETE FROM grdb_migrations WHERE identifier = 'records-5'")
            try db.execute(sql: Self.rows)
            for (number, state) in [(1, "succeeded"), (2, "unheard-of"), (3, "failed")] {
                try db.execute(
                    sql: """
                        INSERT INTO record VALUES (?, 'thumbnail', 1, 0, ?, 7, NULL, NULL, 0, NULL, 200, NULL, NULL, NULL,
                        'node-1', 'edge', 'warm', 1, 2, 3, 4, 5, 6, 0.5, 'model', 8, 9, NULL, NULL, NULL, NULL, 1, 2)
                        """,
                    arguments: [try Sample.id(number).text, state]
                )
            }
        }
        try queue.close()
        let again = try EmbeddedStore(folder: folder.path)
        let records = try await again.records.executions(.init())
        #expect(try records.map(\.id) == [Sample.id(3), Sample.id(1)])
        #expect(records.first?.state == .failed && records.first?.phases.run == 4 && records.first?.use.joules == 0.5)
        #expect(try await again.records.logs(function: Sample.function(), execution: nil, limit: 9).count == 1)
        await again.close()
    }

    private static let rows = """
        CREATE TABLE record (id TEXT PRIMARY KEY NOT NULL,
        function TEXT NOT NULL, version INTEGER NOT NULL, isAsync INTEGER NOT NULL, state TEXT NOT NULL,
        accepted INTEGER NOT NULL, started INTEGER, finished INTEGER, attempts INTEGER NOT NULL, nextAttempt INTEGER,
        status INTEGER, failureKind TEXT, failureMessage, failureType, node TEXT NOT NULL, tier TEXT NOT NULL,
        start TEXT, queueNanoseconds INTEGER NOT NULL, spawnNanoseconds INTEGER NOT NULL,
        initialiseNanoseconds INTEGER NOT NULL, runNanoseconds INTEGER NOT NULL, cpuNanoseconds INTEGER NOT NULL,
        memoryPeakBytes INTEGER NOT NULL, joules REAL, energyMethod NOT NULL, requestBytes INTEGER NOT NULL,
        responseBytes INTEGER NOT NULL, traceID, logs TEXT, grams REAL, egress TEXT,
        execNanoseconds INTEGER NOT NULL DEFAULT 0, functionNanoseconds INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE INDEX recordFunction ON record(function, id);
        """

    @Test("a damaged block is an error, and nothing worse", arguments: 1...3)
    func damage(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let store = try EmbeddedStore(folder: folder.path)
        try await store.records.append(records: (1...20).map { try Sample.fullRecord($0) }, logs: [], decisions: [])
        let queue = try DatabaseQueue(path: folder.file("records.sqlite"))
        let block = try #require(
            try await queue.read { db in try Data.fetchOne(db, sql: "SELECT records FROM recordBlock") }
        )
        var refused = 0
        // The format and the number of columns, each value of them; then anything.
        for round in 0..<712 {
            var bytes = block
            if round < 512 {
                bytes[bytes.startIndex + round / 256] = UInt8(round % 256)
            } else {
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let index = Int.random(in: bytes.startIndex..<bytes.endIndex, using: &random)
                    if Bool.random(using: &random) {
                        bytes[index] = UInt8.random(in: .min ... .max, using: &random)
                    } else {
                        bytes = bytes.prefix(upTo: max(bytes.startIndex + 1, index))
                    }
                }
            }
            let damaged = Data(bytes)
            try await queue.write { db in
                try db.execute(sql: "UPDATE recordBlock SET records = ?", arguments: [damaged])
            }
            do {
                _ = try await store.records.executions(.init())
                _ = try await store.records.execution(Sample.id(7))
            } catch {
                refused += 1
            }
        }
        #expect(refused > 350)
        try queue.close()
        await store.close()
    }
}
