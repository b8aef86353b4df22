package import Domain
package import Scheduler

/// The decisions of late, joined with how they went, and a sample of them for the disk.
///
/// Confined to the event loop.
package struct DecisionLog {
    private struct Entry {
        let id: ExecutionID
        let decision: Decision
        let time: Timestamp
        let took: UInt64
        var observed: ObservedOutcome?
    }

    /// Decisions remembered in memory.
    package static let limit = 1024
    /// Decisions a second that are written to disk.
    private static let sampleRate = 20

    private let records: RecordKeeper
    /// A ring: decision `number` lies at its remainder by ``limit``.
    private var entries: [Entry] = []
    private var count = 0
    private var sampleSecond: Int64 = 0
    private var sampled = 0

    package init(records: RecordKeeper) {
        self.records = records
    }

    /// Notes a decision about a call, in the place of an earlier one about it; returns its number.
    package mutating func add(
        _ decision: Decision,
        of id: ExecutionID,
        replacing earlier: Int?,
        at time: Timestamp,
        took: UInt64
    ) -> Int {
        let entry = Entry(id: id, decision: decision, time: time, took: took, observed: nil)
        if let earlier, let place = place(of: earlier, id) {
            entries[place] = entry
            return earlier
        }
        if entries.count < Self.limit { entries.append(entry) } else { entries[count % Self.limit] = entry }
        count += 1
        return count - 1
    }

    /// Where a decision lies; nil when it is forgotten.
    private func place(of number: Int, _ id: ExecutionID) -> Int? {
        let place = number % Self.limit
        return entries.indices.contains(place) && entries[place].id == id ? place : nil
    }

    /// Notes how a call went, and keeps the first decisions of every second for later.
    package mutating func join(_ number: Int, of id: ExecutionID, with observed: ObservedOutcome) {
        guard let place = place(of: number, id) else { return }
        entries[place].observed = observed
        let second = entries[place].time.microseconds / 1_000_000
        if second != sampleSecond {
            sampleSecond = second
            sampled = 0
        }
        guard sampled < Self.sampleRate else { return }
        sampled += 1
        records.keep(report(of: entries[place]))
    }

    /// The report about the newest decision on an execution, or nil.
    package func report(of id: ExecutionID) -> DecisionReport? { newest.first { $0.id == id }.map(report) }

    package func newest(_ count: Int) -> [DecisionReport] { newest.prefix(max(0, count)).map(report) }

    /// The decisions in memory, newest first.
    private var newest: some Sequence<Entry> {
        (count - entries.count..<count).reversed().lazy.map { entries[$0 % Self.limit] }
    }

    private func report(of entry: Entry) -> DecisionReport {
        entry.decision.report(
            execution: entry.id,
            decided: entry.time,
            took: entry.took,
            observed: entry.observed
        )
    }
}
