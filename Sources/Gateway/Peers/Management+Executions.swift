import Continuum
import Domain
import Fabric
import Hummingbird
import NIOCore

/// Executions wherever their records are: on this node, or on another that is asked.
extension Management {
    /// The record of an execution that this node has, as it stands; waits for its end at most as long as asked.
    func localExecution(_ id: ExecutionID, waiting wait: TimeSpan? = nil) async throws -> ExecutionRecord? {
        guard let record = try await currentExecution(id) else { return nil }
        guard let wait, !record.state.isFinal else { return record }
        await completions.wait(for: id, atMost: wait.duration) {
            let state = try? await currentExecution(id)?.state
            return state?.isFinal ?? true
        }
        return try await currentExecution(id) ?? record
    }

    private func currentExecution(_ id: ExecutionID) async throws -> ExecutionRecord? {
        // What the journal has is at home here; the call itself may be passed on, and then has a record there too.
        if let (record, _) = try await journal.execution(id) {
            if record.state == .queued, let live = try await bridge.perform({ $0.liveRecord(id) }) { return live }
            return record
        }
        if let live = try await bridge.perform({ $0.liveRecord(id) }) { return live }
        return try await records.execution(id)
    }

    /// The decision about a call that this node placed.
    func localDecision(_ id: ExecutionID) async throws -> DecisionReport? {
        if let recent = try await bridge.perform({ $0.continuum.decision(id) }) { return recent }
        return try await records.decision(id)
    }

    /// The record of an execution of another node; nil when no node that can be reached has it.
    func remoteExecution(_ id: ExecutionID, waiting wait: TimeSpan? = nil) async -> ExecutionRecord? {
        let query = wait.map { "?wait=\($0)" } ?? ""
        let limit = TimeAmount.microseconds((wait ?? .zero).microseconds) + .seconds(5)
        return await askOthers(ExecutionRecord.self, "/peer/v1/executions/\(id)\(query)", within: limit)
    }

    /// The answer to an execution of another node.
    func remoteAnswer(_ id: ExecutionID) async -> CallAnswer? {
        await askOthers(CallAnswer.self, "/peer/v1/executions/\(id)/answer")
    }

    /// What an execution wrote on the node that ran it; empty where that is this node, or does not answer.
    func remoteLines(of record: ExecutionRecord) async -> [LogEntry] {
        guard record.node != node.name else { return [] }
        let target = "/peer/v1/executions/\(record.id)/logs?function=\(record.function)"
        guard let answer = try? await ask(record.node, "GET", target), answer.status == 200 else { return [] }
        return (try? JSON.decode(LogList.self, from: Array(answer.body.readableBytesView)))?.logs ?? []
    }

    /// The decision about a call that another node placed.
    func remoteDecision(_ id: ExecutionID) async -> DecisionReport? {
        await askOthers(DecisionReport.self, "/peer/v1/executions/\(id)/decision")
    }

    /// Asks all other nodes at once; the first that knows it.
    private func askOthers<Value: Decodable & Sendable>(
        _ type: Value.Type,
        _ target: String,
        method: String = "GET",
        within limit: TimeAmount = .seconds(5)
    ) async -> Value? {
        let others =
            (try? await bridge.perform { service in
                service.continuum.names.filter { $0 != service.node.name }
            }) ?? []
        return await withTaskGroup(of: Value?.self) { group in
            for name in others {
                group.addTask {
                    guard let answer = try? await ask(name, method, target, within: limit), answer.status == 200 else {
                        return nil
                    }
                    return try? JSON.decode(type, from: Array(answer.body.readableBytesView))
                }
            }
            for await value in group {
                guard let value else { continue }
                group.cancelAll()
                return value
            }
            return nil
        }
    }

    /// Asks all other nodes at once; what each answered, nil where it did not.
    func askEach<Value: Decodable & Sendable>(
        _ type: Value.Type,
        _ method: String,
        _ target: String
    ) async -> [(name: NodeName, answer: Value?)] {
        let others =
            (try? await bridge.perform { service in
                service.continuum.names.filter { $0 != service.node.name }
            }) ?? []
        return await withTaskGroup(of: (name: NodeName, answer: Value?).self) { group in
            for name in others {
                group.addTask {
                    guard let answer = try? await ask(name, method, target), answer.status == 200 else {
                        return (name, nil)
                    }
                    return (name, try? JSON.decode(type, from: Array(answer.body.readableBytesView)))
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// The nodes that did not answer, by name; nil where all did.
    static func silent<Value>(_ answers: [(name: NodeName, answer: Value?)]) -> [NodeName]? {
        let names = answers.filter { $0.answer == nil }.map(\.name).sorted { $0.text < $1.text }
        return names.isEmpty ? nil : names
    }

    /// Cancels an execution that this node has, or drops it where it is dead; nil when it has none of that id, or one that
    /// is over otherwise.
    func cancelHere(_ id: ExecutionID) async throws -> ExecutionRecord? {
        guard let record = try await localExecution(id), record.state.canBeCancelled else { return nil }
        if try await !dispatcher.cancel(id) {
            let isLive = try await bridge.perform { $0.cancel(id) }
            if !isLive, record.isAsync {
                if try await journal.cancel(id, at: clock.now()) { dispatcher.endedWithoutRun() }
                completions.ended(id)
            }
        }
        return try await localExecution(id) ?? record
    }

    /// Has an execution of another node cancelled there; nil when no node that can be reached has it.
    func cancelElsewhere(_ id: ExecutionID) async -> ExecutionRecord? {
        await askOthers(ExecutionRecord.self, "/peer/v1/executions/\(id)", method: "DELETE")
    }

    /// Has a dead execution that this node has tried again; nil when it has none of that id that is dead.
    func redriveHere(_ id: ExecutionID) async throws -> ExecutionRecord? {
        guard try await journal.redrive(id, at: clock.now()) else { return nil }
        dispatcher.notify()
        return try await localExecution(id)
    }

    /// Has a dead execution of another node tried again there; nil when no node that can be reached has it.
    func redriveElsewhere(_ id: ExecutionID) async -> ExecutionRecord? {
        await askOthers(ExecutionRecord.self, "/peer/v1/executions/\(id)/redrive", method: "POST")
    }
}
