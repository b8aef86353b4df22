import Domain
import Fabric
import HTTPTypes
import Hummingbird
import NIOCore

/// What nodes ask of one another about executions: who has a key, and what became of a call.
struct ClaimRoutes {
    private static let longestWait = TimeSpan.seconds(60)

    let management: Management

    func add(to routes: RouterGroup<some RequestContext>) {
        routes.post("claims") { request, _ in
            let caller = try request.peerCaller()
            // A second keeper beside the founder would grant a key twice.
            guard management.control.leadership == .founder else {
                throw ProblemError.notFound("idempotency keys are kept by the founder of the continuum")
            }
            let asked = try await management.body(ClaimRequest.self, of: request)
            let claim = IdempotencyClaim(
                function: asked.function,
                key: asked.key,
                fingerprint: asked.fingerprint,
                execution: asked.execution,
                home: caller.name,
                time: management.clock.now()
            )
            return management.json(try await management.grant(claim, replacing: asked.replaced))
        }
        routes.get("claims/:id") { request, context in
            _ = try request.peerCaller()
            return management.json(try await management.standing(of: context.parameter("id", ExecutionID.init)))
        }
        routes.get("executions") { request, _ in
            _ = try request.peerCaller()
            return management.json(try await management.localExecutions(ExecutionFilter(request)))
        }
        routes.get("executions/:id") { request, context in
            _ = try request.peerCaller()
            let id = try context.parameter("id", ExecutionID.init)
            let wait = try request.query("wait", TimeSpan.init)
            guard let record = try await management.localExecution(id, waiting: wait.map { min($0, Self.longestWait) })
            else { throw ProblemError.notFound("there is no execution '\(id)' here") }
            return management.json(record)
        }
        routes.delete("executions/:id") { request, context in
            _ = try request.peerCaller()
            let id = try context.parameter("id", ExecutionID.init)
            guard let record = try await management.cancelHere(id) else {
                throw ProblemError.notFound("there is no execution '\(id)' here that is not over")
            }
            return management.json(record)
        }
        routes.post("executions/:id/redrive") { request, context in
            _ = try request.peerCaller()
            let id = try context.parameter("id", ExecutionID.init)
            guard let record = try await management.redriveHere(id) else {
                throw ProblemError.notFound("there is no execution '\(id)' here that is dead")
            }
            return management.json(record)
        }
        routes.get("executions/:id/answer") { request, context in
            _ = try request.peerCaller()
            let id = try context.parameter("id", ExecutionID.init)
            guard let answer = try await management.journal.answer(id) else {
                throw ProblemError.notFound("there is no answer of '\(id)' here")
            }
            return management.json(answer)
        }
        routes.get("executions/:id/logs") { request, context in
            _ = try request.peerCaller()
            let id = try context.parameter("id", ExecutionID.init)
            guard let function = try request.query("function", FunctionName.init) else {
                throw ProblemError(Invalid("function", "is missing"))
            }
            return management.json(
                LogList(logs: try await management.records.lines(of: function, execution: id, limit: 1000))
            )
        }
        routes.get("executions/:id/decision") { request, context in
            _ = try request.peerCaller()
            let id = try context.parameter("id", ExecutionID.init)
            guard let decision = try await management.localDecision(id) else {
                throw ProblemError.notFound("there is no decision about '\(id)' here")
            }
            return management.json(decision)
        }
    }
}
