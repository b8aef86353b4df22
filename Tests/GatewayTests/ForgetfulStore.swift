import Domain
import Fabric

/// A store that has nothing and keeps nothing.
struct ForgetfulStore: RecordStore {
    /// Told of the records of each batch; while it waits, the batch has not arrived.
    var onAppend: @Sendable ([ExecutionRecord]) async throws -> Void = { _ in }

    func append(records: [ExecutionRecord], logs: [LogEntry], decisions: [DecisionReport]) async throws {
        try await onAppend(records)
    }
    func execution(_ id: ExecutionID) async throws -> ExecutionRecord? { nil }
    func decision(_ id: ExecutionID) async throws -> DecisionReport? { nil }
    func executions(_ filter: ExecutionFilter) async throws -> [ExecutionRecord] { [] }
    func logs(function: FunctionName, execution: ExecutionID?, limit: Int) async throws -> [LogEntry] { [] }
    func trim(records: Int, logs: Int, decisions: Int, bytes: Int) async throws {}
    func close() async {}
}
