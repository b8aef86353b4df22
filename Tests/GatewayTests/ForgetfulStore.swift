import Domain
import Fabric

/// A store that has nothing and keeps nothing.
struct ForgetfulStore: RecordStore {
    func append(records: [ExecutionRecord], logs: [LogEntry], decisions: [DecisionReport]) async throws {}
    func execution(_ id: ExecutionID) async throws -> ExecutionRecord? { nil }
    func decision(_ id: ExecutionID) async throws -> DecisionReport? { nil }
    func executions(_ filter: ExecutionFilter) async throws -> [ExecutionRecord] { [] }
    func logs(function: FunctionName, execution: ExecutionID?, limit: Int) async throws -> [LogEntry] { [] }
    func trim(records: Int, logs: Int, decisions: Int) async throws {}
    func close() async {}
}
