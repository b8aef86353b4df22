package import Domain

/// Remembers, for a while, what synchronous calls did and what functions wrote.
///
/// Losing the last second of it in a crash is no harm.
package protocol RecordStore: Sendable {
    /// Stores records and log lines, one transaction for all; a record replaces one of the same id.
    func append(records: [ExecutionRecord], logs: [LogEntry]) async throws

    /// One record, or nil.
    func execution(_ id: ExecutionID) async throws -> ExecutionRecord?

    /// Records, newest first.
    func executions(_ filter: ExecutionFilter) async throws -> [ExecutionRecord]

    /// The last `limit` log lines of a function (or of one execution of it), in the order they were appended.
    func logs(function: FunctionName, execution: ExecutionID?, limit: Int) async throws -> [LogEntry]

    /// Keeps the newest `records` records and `logs` lines and deletes the rest.
    func trim(records: Int, logs: Int) async throws

    func close() async
}
