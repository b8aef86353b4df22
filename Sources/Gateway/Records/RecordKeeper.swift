import DequeModule
package import Domain
package import Fabric
package import Logging
import ServiceLifecycle
import Synchronization
import Telemetry

/// Keeps the records of synchronous calls and what functions wrote: at hand in memory at once, on disk soon after.
///
/// Neither ever slows a call: both wait in bounded rings for a batch, and what does not fit is dropped and counted.
package final class RecordKeeper: Service {
    /// Records and lines that may wait for the disk.
    private static let waitingLimit = 50_000
    /// Records, or lines, that are written without waiting for more: a busy node would hold much memory for them.
    private static let batch = 2_000
    /// Records kept on disk, and lines.
    private static let storedRecords = 100_000
    private static let storedLines = 200_000
    private static let storedDecisions = 50_000
    /// Bytes that all of them may use of their file.
    private static let storedBytes = 256 << 20
    /// Bytes of lines, and of lines in records, that may wait for the disk, and those that are written without waiting.
    private static let waitingBytes = 16 << 20
    private static let batchBytes = 4 << 20
    /// Decisions that may wait for the disk.
    private static let waitingDecisions = 1000
    /// Batches after which the store is trimmed.
    private static let trimInterval = 4

    private struct State {
        var records = Ring<ExecutionRecord>()
        var lines = Ring<LogEntry>()
        var decisions = Ring<DecisionReport>()
        /// Records that are just being written, by the number of their batch.
        var written: [Int: [ExecutionRecord]] = [:]
        var batches = 0
        /// Whether something waits for the disk.
        var hasNews = false

        /// A record that is not on disk yet, or nil.
        func record(_ id: ExecutionID) -> ExecutionRecord? {
            if let record = records.last(where: { $0.id == id }) { return record }
            for batch in written.values {
                if let record = batch.last(where: { $0.id == id }) { return record }
            }
            return nil
        }

        /// What becomes of something that found this place in its ring.
        mutating func fate(of place: Place) -> Fate {
            guard place != .none else { return .dropped }
            defer { hasNews = true }
            guard hasNews else { return .first }
            return place == .endOfBatch ? .enough : .kept
        }
    }

    /// Where something is in its ring.
    private enum Place {
        case none
        case within
        /// With it there is so much that it is worth writing.
        case endOfBatch
    }

    /// What waits for the disk.
    private struct Ring<Element> {
        private var waiting: [Element] = []
        private var bytes = 0

        /// Adds an element that has so many bytes beside itself, where there is room.
        mutating func add(_ element: Element, bytes: Int = 0, limit: Int) -> Place {
            let total = self.bytes + bytes
            guard waiting.count < limit, total <= RecordKeeper.waitingBytes else { return .none }
            waiting.append(element)
            let isEnough = total / RecordKeeper.batchBytes > self.bytes / RecordKeeper.batchBytes
            self.bytes = total
            return isEnough || waiting.count.isMultiple(of: RecordKeeper.batch) ? .endOfBatch : .within
        }

        /// The last element like that, or nil.
        func last(where isMeant: (Element) -> Bool) -> Element? { waiting.last(where: isMeant) }

        mutating func takeAll() -> [Element] {
            defer { (waiting, bytes) = ([], 0) }
            return waiting
        }
    }

    /// What became of something that is to be kept.
    private enum Fate {
        /// It is the first that waits for the next batch: whoever writes them has to be woken.
        case first
        case kept
        /// There are so many that they had better be written now.
        case enough
        case dropped
    }

    let logs = LogHub()
    private let store: any RecordStore
    private let state = Mutex(State())
    private let interval: Duration
    private let logger: Logger
    private let onDrop: @Sendable (Int) -> Void
    private let alarm = Alarm()
    private let wakeUps: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    package init(
        store: any RecordStore,
        interval: Duration = .seconds(1),
        logger: Logger,
        onDrop: @escaping @Sendable (Int) -> Void
    ) {
        self.store = store
        self.interval = interval
        self.logger = logger
        self.onDrop = onDrop
        (self.wakeUps, self.wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes the record of a call that is over.
    package func keep(_ record: ExecutionRecord) {
        let fate = state.withLock { state in
            let bytes = record.logs.isEmpty ? 0 : record.logs.reduce(0) { $0 + $1.message.utf8.count }
            return state.fate(of: state.records.add(record, bytes: bytes, limit: Self.waitingLimit))
        }
        follow(fate)
    }

    /// Takes a line that a function wrote.
    package func keep(_ line: LogEntry) {
        logs.publish(line)
        follow(
            state.withLock { $0.fate(of: $0.lines.add(line, bytes: line.message.utf8.count, limit: Self.waitingLimit)) }
        )
    }

    /// Takes the report about a decision.
    func keep(_ decision: DecisionReport) {
        let fate = state.withLock { $0.fate(of: $0.decisions.add(decision, limit: Self.waitingDecisions)) }
        // A sample: one that finds no room is not missed.
        if fate == .first { wake.yield() }
    }

    /// The decision about an execution, where it was kept.
    func decision(_ id: ExecutionID) async throws -> DecisionReport? {
        await flush()
        return try await store.decision(id)
    }

    /// One record, or nil.
    package func execution(_ id: ExecutionID) async throws -> ExecutionRecord? {
        if let waiting = state.withLock({ $0.record(id) }) { return waiting }
        return try await store.execution(id)
    }

    /// Records, newest first.
    func executions(_ filter: ExecutionFilter) async throws -> [ExecutionRecord] {
        await flush()
        return try await store.executions(filter)
    }

    /// The last lines of a function, or of one of its executions, oldest first.
    func lines(of function: FunctionName, execution: ExecutionID?, limit: Int) async throws -> [LogEntry] {
        await flush()
        return try await store.logs(function: function, execution: execution, limit: limit)
    }

    /// Writes a batch a while after its first record came, or when it is large enough, until the node shuts down; then the
    /// last one.
    package func run() async throws {
        var batches = 0
        await withGracefulShutdownHandler {
            for await _ in wakeUps {
                guard await alarm.wait(for: interval) else { break }
                await flush()
                batches += 1
                if batches.isMultiple(of: Self.trimInterval) { await trim() }
            }
        } onGracefulShutdown: {
            self.wake.finish()
        }
        logs.close()
        await flush()
        await store.close()
    }

    private func follow(_ fate: Fate) {
        switch fate {
        case .first: wake.yield()
        case .enough: alarm.ring()
        case .kept: break
        case .dropped: onDrop(1)
        }
    }

    private func flush() async {
        let (number, records, lines, decisions) = state.withLock { state in
            state.hasNews = false
            state.batches += 1
            let records = state.records.takeAll()
            if !records.isEmpty { state.written[state.batches] = records }
            return (state.batches, records, state.lines.takeAll(), state.decisions.takeAll())
        }
        // Until then they are found in memory.
        defer { state.withLock { $0.written[number] = nil } }
        guard !records.isEmpty || !lines.isEmpty || !decisions.isEmpty else { return }
        do {
            try await store.append(records: records, logs: lines, decisions: decisions)
        } catch {
            onDrop(records.count + lines.count)
            logger.warning("records could not be written", metadata: ["error": "\(error)"])
        }
    }

    private func trim() async {
        do {
            try await store.trim(
                records: Self.storedRecords,
                logs: Self.storedLines,
                decisions: Self.storedDecisions,
                bytes: Self.storedBytes
            )
        } catch {
            logger.warning("old records could not be deleted", metadata: ["error": "\(error)"])
        }
    }
}
