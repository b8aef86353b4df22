package import Domain

/// Remembers, for a while, what synchronous calls did and what functions wrote.
///
/// Losing the last second of it in a crash is no harm.
package protocol RecordStore: Sendable {
    /// Stores records, log lines and decisions, one transaction for all; a record or decision replaces one of the same
    /// execution.
    func append(records: [ExecutionRecord], logs: [LogEntry], decisions: [DecisionReport]) async throws

    /// One record, or nil.
    func execution(_ id: ExecutionID) async throws -> ExecutionRecord?

    /// The decision about an execution, or nil when it was not kept.
    func decision(_ id: ExecutionID) async throws -> DecisionReport?

    /// Records, newest first.
    func executions(_ filter: ExecutionFilter) async throws -> [ExecutionRecord]

    /// The last `limit` log lines of a function (or of one execution of it), in the order they were appended.
    func logs(function: FunctionName, execution: ExecutionID?, limit: Int) async throws -> [LogEntry]

    /// Keeps the newest `records` records, `logs` lines and `decisions` decisions and deletes the rest; and some of the
    /// oldest records and lines while all together take more than `bytes` bytes.
    func trim(records: Int, logs: Int, decisions: Int, bytes: Int) async throws

    func close() async
}
