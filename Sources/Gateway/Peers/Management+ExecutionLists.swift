import Continuum
import Domain
import Fabric
import Hummingbird
import NIOCore

/// Lists of executions: of this node, of another, and of the whole continuum.
extension Management {
    /// A page of the executions that this node took.
    func localExecutions(_ filter: ExecutionFilter) async throws -> ExecutionList {
        let stored = try await journal.executions(filter) + records.executions(filter)
        let live = try await bridge.perform { $0.liveRecords }
        let matching = live.filter { record in
            (filter.function == nil || record.function == filter.function)
                && (filter.states.isEmpty || filter.states.contains(record.state))
                && filter.before.map { record.id < $0 } ?? true
        }
        var byID = Dictionary(stored.map { ($0.id, $0) }) { first, _ in first }
        for record in live where byID[record.id]?.state == .queued { byID[record.id] = nil }
        for record in matching { byID[record.id] = record }
        let page = byID.values.sorted { $0.id > $1.id }.prefix(filter.limit)
        return ExecutionList(executions: Array(page), next: page.count == filter.limit ? page.last?.id : nil)
    }

    /// A page of the executions that one node took.
    func executions(_ filter: ExecutionFilter, at name: NodeName) async throws -> ExecutionList {
        guard name != node.name else { return try await localExecutions(filter) }
        let answer = try await ask(name, "GET", "/peer/v1/executions?\(filter.query)")
        guard answer.status == 200 else {
            throw ProblemError("continuum.peer", 502, "The node refused", "status \(answer.status)")
        }
        return try JSON.decode(ExecutionList.self, from: Array(answer.body.readableBytesView))
    }

    /// A page of the executions that all nodes took; says which nodes did not answer.
    func allExecutions(_ filter: ExecutionFilter) async throws -> ExecutionList {
        let own = try await localExecutions(filter)
        let lists = await askEach(ExecutionList.self, "GET", "/peer/v1/executions?\(filter.query)")
        guard !lists.isEmpty else { return own }
        var byID = Dictionary(own.executions.map { ($0.id, $0) }) { first, _ in first }
        for case (_, let list?) in lists {
            for record in list.executions {
                // While another node runs a call, both have it; its home knows most.
                if let known = byID[record.id], known.isAsync || !record.isAsync { continue }
                byID[record.id] = record
            }
        }
        let page = byID.values.sorted { $0.id > $1.id }.prefix(filter.limit)
        return ExecutionList(
            executions: Array(page),
            next: page.count == filter.limit ? page.last?.id : nil,
            missing: Self.silent(lists)
        )
    }
}
