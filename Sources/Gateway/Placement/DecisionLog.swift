import Domain
import Scheduler

/// The decisions of late, joined with how they went, and a sample of them for the disk.
///
/// Confined to the event loop.
struct DecisionLog {
    private struct Entry {
        let decision: Decision
        let time: Timestamp
        let took: UInt64
        var observed: ObservedOutcome?
    }

    /// Decisions remembered in memory.
    private static let limit = 1024
    /// Decisions a second that are written to disk.
    private static let sampleRate = 20

    private let records: RecordKeeper
    private var entries = BoundedMap<ExecutionID, Entry>(limit: DecisionLog.limit)
    private var sampleSecond: Int64 = 0
    private var sampled = 0

    init(records: RecordKeeper) {
        self.records = records
    }

    mutating func add(_ decision: Decision, of id: ExecutionID, at time: Timestamp, took: UInt64) {
        entries[id] = Entry(decision: decision, time: time, took: took, observed: nil)
    }

    /// Notes how a call went, and keeps the first decisions of every second for later.
    mutating func join(_ id: ExecutionID, with observed: ObservedOutcome) {
        let time = entries.update(id) { entry in
            entry.observed = observed
            return entry.time
        }
        guard let time else { return }
        let second = time.microseconds / 1_000_000
        if second != sampleSecond {
            sampleSecond = second
            sampled = 0
        }
        guard sampled < Self.sampleRate else { return }
        sampled += 1
        if let report = report(of: id) { records.keep(report) }
    }

    func report(of id: ExecutionID) -> DecisionReport? { entries[id].map { report(of: id, $0) } }

    func newest(_ count: Int) -> [DecisionReport] { entries.newest(count).map { report(of: $0.0, $0.1) } }

    private func report(of id: ExecutionID, _ entry: Entry) -> DecisionReport {
        entry.decision.report(
            execution: id,
            decided: entry.time,
            took: entry.took,
            observed: entry.observed
        )
    }
}
