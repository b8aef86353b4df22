import Domain
import Fabric
import Testing

/// What every implementation of ``RecordStore`` promises; each is checked on a store that is empty.
enum RecordStorePromise: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case keepsRecords = "a record comes back with every field, and the last one stored of an id stands"
    case lists = "records are listed newest first, by function and state, page by page"
    case keepsLines = "the last lines of a function or an execution come oldest first"
    case trims = "only the newest are kept"

    var testDescription: String { rawValue }

    /// Checks the promise; the store must be empty.
    func check(_ store: some RecordStore) async throws {
        switch self {
        case .keepsRecords: try await Self.keepsRecords(store)
        case .lists: try await Self.lists(store)
        case .keepsLines: try await Self.keepsLines(store)
        case .trims: try await Self.trims(store)
        }
    }

    private static func keepsRecords(_ store: some RecordStore) async throws {
        var full = try Sample.fullRecord(1)
        let plain = try Sample.record(2, isAsync: false)
        try await store.append(records: [full, plain], logs: [], decisions: [])
        #expect(try await store.execution(full.id) == full)
        #expect(try await store.execution(plain.id) == plain)
        #expect(try await store.execution(Sample.id(3)) == nil)
        full.failure = CallFailure(.error, "", errorType: "")
        try await store.append(records: [full], logs: [], decisions: [])
        #expect(try await store.execution(full.id) == full)
        full.state = .succeeded
        full.failure = nil
        full.logs = []
        try await store.append(records: [full], logs: [], decisions: [])
        #expect(try await store.execution(full.id) == full)
        try await store.append(records: [], logs: [], decisions: [])
    }

    private static func lists(_ store: some RecordStore) async throws {
        let records = try (1...4).map { number in
            var record = try Sample.record(number, function: number < 3 ? "one" : "two")
            record.state = number == 1 ? .failed : .succeeded
            return record
        }
        try await store.append(records: records, logs: [], decisions: [])
        func ids(_ numbers: Int...) throws -> [ExecutionID] { try numbers.map(Sample.id) }
        #expect(try await store.executions(.init()).map(\.id) == ids(4, 3, 2, 1))
        #expect(try await store.executions(.init(function: Sample.function("one"))).map(\.id) == ids(2, 1))
        #expect(try await store.executions(.init(states: [.failed])).map(\.id) == ids(1))
        #expect(try await store.executions(.init(before: Sample.id(4), limit: 2)).map(\.id) == ids(3, 2))
    }

    private static func keepsLines(_ store: some RecordStore) async throws {
        let lines = try [
            Sample.line(1, execution: 1), Sample.line(2), Sample.line(3, function: "other"),
            Sample.line(4, execution: 1), Sample.line(5, execution: 2),
        ]
        try await store.append(records: [], logs: Array(lines.prefix(3)), decisions: [])
        try await store.append(records: [], logs: Array(lines.suffix(2)), decisions: [])
        let name = try Sample.function()
        let all = try await store.logs(function: name, execution: nil, limit: 100)
        #expect(all == [lines[0], lines[1], lines[3], lines[4]])
        #expect(try await store.logs(function: name, execution: nil, limit: 2) == [lines[3], lines[4]])
        #expect(try await store.logs(function: name, execution: Sample.id(1), limit: 9) == [lines[0], lines[3]])
        #expect(try await store.logs(function: name, execution: Sample.id(1), limit: 1) == [lines[3]])
        #expect(try await store.logs(function: Sample.function("other"), execution: Sample.id(1), limit: 9) == [])
        #expect(try await store.logs(function: name, execution: nil, limit: 0) == [])
    }

    private static func trims(_ store: some RecordStore) async throws {
        let records = try (1...10).map { try Sample.record($0) }
        try await store.append(records: records, logs: (1...10).map { try Sample.line($0) }, decisions: [])
        let name = try Sample.function()
        try await store.trim(records: 100, logs: 100, decisions: 10, bytes: 1 << 30)
        #expect(try await store.executions(.init()).count == 10)
        try await store.trim(records: 3, logs: 2, decisions: 10, bytes: 1 << 30)
        #expect(try await store.executions(.init()).map(\.id) == [Sample.id(10), Sample.id(9), Sample.id(8)])
        let lines = try await store.logs(function: name, execution: nil, limit: 9)
        #expect(lines == [try Sample.line(9), try Sample.line(10)])
        try await store.trim(records: 0, logs: 0, decisions: 10, bytes: 1 << 30)
        #expect(try await store.executions(.init()) == [])
        #expect(try await store.logs(function: name, execution: nil, limit: 9) == [])
    }
}
