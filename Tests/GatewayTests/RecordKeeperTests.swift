import Domain
import Fabric
import Gateway
import Logging
import Synchronization
import Testing

/// When records go to the disk.
@Suite(.timeLimit(.minutes(1)))
struct RecordKeeperTests {
    /// A store that only counts.
    private final class CountingStore: RecordStore {
        let batches = Mutex<[Int]>([])
        /// Whether what is written does not arrive yet.
        let isHeld: Mutex<Bool>

        init(isHeld: Bool = false) { self.isHeld = Mutex(isHeld) }

        func append(records: [ExecutionRecord], logs: [LogEntry], decisions: [DecisionReport]) async throws {
            batches.withLock { $0.append(records.count) }
            while isHeld.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
        }
        func execution(_ id: ExecutionID) async throws -> ExecutionRecord? { nil }
        func decision(_ id: ExecutionID) async throws -> DecisionReport? { nil }
        func executions(_ filter: ExecutionFilter) async throws -> [ExecutionRecord] { [] }
        func logs(function: FunctionName, execution: ExecutionID?, limit: Int) async throws -> [LogEntry] { [] }
        func trim(records: Int, logs: Int, decisions: Int) async throws {}
        func close() async {}
    }

    /// Keeps so many records and gives the batches they were written in, once `isDone` says so of them.
    private static func batches(
        of count: Int,
        every interval: Duration,
        until isDone: @escaping @Sendable ([Int]) -> Bool
    ) async throws -> [Int] {
        let store = CountingStore()
        let keeper = RecordKeeper(store: store, interval: interval, logger: Logger(label: "test")) { _ in }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keeper.run() }
            for _ in 0..<count { keeper.keep(try record()) }
            while !isDone(store.batches.withLock { $0 }) { try await Task.sleep(for: .milliseconds(5)) }
            group.cancelAll()
            return store.batches.withLock { $0 }
        }
    }

    private static func record() throws -> ExecutionRecord {
        let now = Timestamp(microseconds: 1)
        var random = SystemRandomNumberGenerator()
        return ExecutionRecord(
            id: ExecutionID(at: now, using: &random),
            function: try FunctionName("f"),
            version: .first,
            isAsync: false,
            state: .succeeded,
            accepted: now,
            node: try NodeName("n"),
            tier: try Tier("edge")
        )
    }

    @Test("what comes within the interval is written together")
    func together() async throws {
        #expect(try await Self.batches(of: 100, every: .milliseconds(50)) { !$0.isEmpty } == [100])
    }

    @Test("a record is found from the moment it is kept, on its way to the disk too")
    func found() async throws {
        let store = CountingStore(isHeld: true)
        let keeper = RecordKeeper(store: store, interval: .milliseconds(1), logger: Logger(label: "test")) { _ in }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keeper.run() }
            let record = try Self.record()
            keeper.keep(record)
            #expect(try await keeper.execution(record.id) == record)
            // It has left the ring and is not in the store yet.
            while store.batches.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(1)) }
            #expect(try await keeper.execution(record.id) == record)
            store.isHeld.withLock { $0 = false }
            while try await keeper.execution(record.id) != nil { try await Task.sleep(for: .milliseconds(1)) }
            group.cancelAll()
        }
    }

    @Test("many records do not wait for the interval")
    func many() async throws {
        let batches = try await Self.batches(of: 4_500, every: .seconds(3600)) { $0.reduce(0, +) >= 2_000 }
        #expect((batches.first ?? 0) >= 2_000)
    }
}
