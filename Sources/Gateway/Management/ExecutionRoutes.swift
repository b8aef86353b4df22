import Domain
import Fabric
import HTTPTypes
import Hummingbird
import NIOCore

/// Following executions: state, result, logs, decision, cancelling, and the dead letters.
struct ExecutionRoutes {
    /// The longest that a request may wait for an end.
    private static let longestWait = TimeSpan.seconds(60)

    let management: Management

    func add(to router: Router<some RequestContext>) {
        let executions = router.group("v1/executions")
        executions.get { request, _ in try await list(request) }
        let one = executions.group(":id")
        one.get { request, context in management.json(try await awaited(request, context)) }
        one.get("result") { request, context in try await result(request, context) }
        one.get("logs") { request, context in
            let record = try await find(request, context)
            let stored = try await management.records.lines(of: record.function, execution: record.id, limit: 1000)
            guard stored.isEmpty else { return management.json(LogList(logs: stored)) }
            let written = await management.remoteLines(of: record)
            return management.json(LogList(logs: written.isEmpty ? record.logs : written))
        }
        one.get("decision") { request, context in
            let record = try await find(request, context)
            let local = try await management.localDecision(record.id)
            let decision = if let local { local } else { await management.remoteDecision(record.id) }
            guard let decision else {
                throw ProblemError.notFound("the decision about '\(record.id)' is no longer remembered")
            }
            return management.json(decision)
        }
        one.delete { request, context in try await cancel(request, context) }
        one.post("redrive") { request, context in try await redrive(request, context) }
        router.get("v1/decisions") { request, _ in
            try management.demand(.operate, of: request)
            let limit = try request.number("limit", in: 1...1000, default: 50)
            let recent = try await management.bridge.perform { $0.continuum.recentDecisions(limit) }
            return management.json(["decisions": recent])
        }
    }

    private func list(_ request: Request) async throws -> Response {
        let function = try request.query("function", FunctionName.init)
        let token = try management.demand(.invoke, of: request, on: function)
        if function == nil, token?.functions != nil {
            throw ProblemError(
                "access.denied",
                403,
                "Denied",
                "the token is good for some functions; say which with ?function="
            )
        }
        let filter = try ExecutionFilter(request)
        if let node = try request.query("node", NodeName.init) {
            try await management.mustKnow(node)
            return management.json(try await management.executions(filter, at: node))
        }
        return management.json(try await management.allExecutions(filter))
    }

    /// The record as it stands, for whoever may know it: who has `invoke` for its function.
    private func find(_ request: Request, _ context: some RequestContext) async throws -> ExecutionRecord {
        let id = try context.parameter("id", ExecutionID.init)
        guard let record = try await current(id) else {
            try management.demand(.invoke, of: request)
            throw ProblemError.notFound("there is no execution '\(id)'; it may have been forgotten")
        }
        try management.demand(.invoke, of: request, on: record.function)
        return record
    }

    private func current(_ id: ExecutionID, waiting wait: TimeSpan? = nil) async throws -> ExecutionRecord? {
        if let local = try await management.localExecution(id, waiting: wait) { return local }
        return await management.remoteExecution(id, waiting: wait)
    }

    /// The record, once it is final or the asked-for wait is over.
    private func awaited(_ request: Request, _ context: some RequestContext) async throws -> ExecutionRecord {
        let record = try await find(request, context)
        guard let wait = try request.query("wait", TimeSpan.init), !record.state.isFinal else { return record }
        return try await current(record.id, waiting: min(wait, Self.longestWait)) ?? record
    }

    private func result(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let record = try await awaited(request, context)
        guard record.state.isFinal else {
            var error = ProblemError(
                "execution.unfinished",
                425,
                "Not finished",
                "the execution is \(record.state.rawValue); ask again, or wait with ?wait=30s"
            )
            error.headers = [HeaderField("retry-after", "1"), HeaderField("x-call-id", record.id.text)]
            throw error
        }
        let stored = try await management.journal.answer(record.id)
        let answer = if stored == nil, record.isAsync { await management.remoteAnswer(record.id) } else { stored }
        if let answer {
            return AnswerResponse.make(answer, record: record)
        }
        guard let failure = record.failure else {
            throw ProblemError(
                "execution.no-result",
                404,
                "No result",
                "the answer went to the caller of this synchronous call and was not kept"
            )
        }
        throw AnswerResponse.problem(for: failure, record: record)
    }

    private func cancel(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let record = try await find(request, context)
        guard record.state.canBeCancelled else {
            throw ProblemError(
                "execution.final",
                409,
                "It is over",
                "the execution is \(record.state.rawValue) already"
            )
        }
        if record.state == .dead { try management.demand(.operate, of: request) }
        let here = try await management.cancelHere(record.id)
        let cancelled = if let here { here } else { await management.cancelElsewhere(record.id) }
        return management.json(cancelled ?? record, status: .accepted)
    }

    private func redrive(_ request: Request, _ context: some RequestContext) async throws -> Response {
        try management.demand(.operate, of: request)
        let record = try await find(request, context)
        let here = try await management.redriveHere(record.id)
        let redriven = if let here { here } else { await management.redriveElsewhere(record.id) }
        guard let redriven else {
            throw ProblemError(
                "execution.not-dead",
                409,
                "It is not dead",
                "only dead executions can be redriven; this one is \(record.state.rawValue)"
            )
        }
        return management.json(redriven, status: .accepted)
    }
}
