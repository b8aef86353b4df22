import Domain
import Fabric
import Gateway
import Logging
import Synchronization
import Testing

/// When records go to the disk.
@Suite(.timeLimit(.minutes(1)))
struct RecordKeeperTests {
    /// What a store has been given.
    private final class Written: Sendable {
        let batches = Mutex<[Int]>([])
        /// Whether what is written does not arrive yet.
        let isHeld: Mutex<Bool>

        init(isHeld: Bool = false) { self.isHeld = Mutex(isHeld) }

        var store: ForgetfulStore {
            ForgetfulStore { [self] records in
                batches.withLock { $0.append(records.count) }
                while isHeld.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
            }
        }
    }

    /// Keeps so many records and gives the batches they were written in, once `isDone` says so of them.
    private static func batches(
        of count: Int,
        every interval: Duration,
        until isDone: @escaping @Sendable ([Int]) -> Bool
    ) async throws -> [Int] {
        let written = Written()
        let keeper = RecordKeeper(store: written.store, interval: interval, logger: Logger(label: "test")) { _ in }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keeper.run() }
            for _ in 0..<count { keeper.keep(try record()) }
            while !isDone(written.batches.withLock { $0 }) { try await Task.sleep(for: .milliseconds(5)) }
            group.cancelAll()
            return written.batches.withLock { $0 }
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
        let written = Written(isHeld: true)
        let keeper = RecordKeeper(store: written.store, interval: .milliseconds(1), logger: Logger(label: "test")) {
            _ in
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keeper.run() }
            let record = try Self.record()
            keeper.keep(record)
            #expect(try await keeper.execution(record.id) == record)
            // It has left the ring and is not in the store yet.
            while written.batches.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(1)) }
            #expect(try await keeper.execution(record.id) == record)
            written.isHeld.withLock { $0 = false }
            while try await keeper.execution(record.id) != nil { try await Task.sleep(for: .milliseconds(1)) }
            group.cancelAll()
        }
    }

    @Test("lines that wait for the disk are bounded by their bytes, and those that find no room are counted")
    func bounded() throws {
        let dropped = Mutex(0)
        let keeper = RecordKeeper(store: ForgetfulStore(), logger: Logger(label: "test")) { count in
            dropped.withLock { $0 += count }
        }
        let line = LogEntry(
            time: Timestamp(microseconds: 1),
            function: try FunctionName("f"),
            version: .first,
            execution: nil,
            stream: "output",
            level: "info",
            message: String(repeating: "x", count: 1 << 20)
        )
        for _ in 0..<20 { keeper.keep(line) }
        #expect(dropped.withLock { $0 } == 4)
    }

    @Test("many records do not wait for the interval")
    func many() async throws {
        let batches = try await Self.batches(of: 4_500, every: .seconds(3600)) { $0.reduce(0, +) >= 2_000 }
        #expect((batches.first ?? 0) >= 2_000)
    }
}
