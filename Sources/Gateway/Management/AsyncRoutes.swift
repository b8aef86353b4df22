import Logging
import Crypto
import Domain
import Fabric
import HTTPTypes
import Hummingbird
import NIOCore
import Telemetry

/// Calls that go through the journal: asynchronous ones, and synchronous ones with an idempotency key.
struct AsyncRoutes {
    private static let prefix = "/async-function/"
    /// Characters of an idempotency key.
    private static let keyLimit = 255

    let management: Management

    func add(to router: Router<some RequestContext>) {
        router.post("async-function/**") { request, _ in
            let accepted = try await accept(request, prefix: Self.prefix)
            return management.json(
                accepted,
                status: .accepted,
                headers: [.location: "/v1/executions/\(accepted.id)", .callID: accepted.id.text]
            )
        }
        // Only calls with a key come here; all others are answered before the router.
        for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete] {
            router.on("function/**", method: method) { request, _ in try await call(request) }
        }
    }

    /// Runs a call through the journal and waits for its answer.
    private func call(_ request: Request) async throws -> Response {
        let accepted = try await accept(request, prefix: CallPath.prefix)
        let id = accepted.id
        let version = management.catalogue.function(accepted.function)?.version(accepted.version)
        let wait = version?.spec.timeout ?? .seconds(30)
        let local = try await management.localExecution(id, waiting: wait)
        let ended = if let local { local } else { await management.remoteExecution(id, waiting: wait) }
        guard let record = ended, record.state.isFinal else {
            var error = ProblemError(
                "call.unfinished",
                504,
                "Not finished in time",
                "the call goes on; follow it at /v1/executions/\(id)"
            )
            error.headers = [HeaderField("x-call-id", id.text), HeaderField("location", "/v1/executions/\(id)")]
            throw error
        }
        let stored = try await management.journal.answer(id)
        let answer = if let stored { stored } else { await management.remoteAnswer(id) }
        if let answer { return AnswerResponse.make(answer, record: record) }
        throw AnswerResponse.problem(
            for: record.failure ?? CallFailure(.platform, "the answer was lost"),
            record: record
        )
    }

    /// Puts a call into the journal; returns its record when it is on disk.
    private func accept(_ request: Request, prefix: String) async throws -> ExecutionRecord {
        let path: CallPath
        do {
            path = try CallPath(request.uri.string, prefix: prefix)
        } catch {
            throw ProblemError(error)
        }
        let authorization = request.headers[.authorization]
        let front = management.front
        let traceparent = request.headers[.traceparent]
        let admission = try await management.bridge.perform { service in
            Result { () throws(FrontDoor.Refusal) in
                let (version, token) = try front.admit(
                    path.reference,
                    authorization: authorization,
                    intake: service.intake
                )
                let trace = service.intake.trace(continuing: traceparent)
                return Admission(version: version, id: service.intake.makeID(), tokenID: token?.id, trace: trace)
            }
        }
        let admitted: Admission
        do {
            admitted = try admission.get()
        } catch {
            throw ProblemError(error)
        }
        return try await accept(request, path: path, as: admitted)
    }

    private struct Admission: Sendable {
        let version: FunctionVersion
        let id: ExecutionID
        let tokenID: String?
        let trace: TraceContext
    }

    private func accept(_ request: Request, path: CallPath, as admitted: Admission) async throws -> ExecutionRecord {
        let callback = try callbackURL(of: request)
        let key = try idempotencyKey(of: request)
        do {
            _ = try Timeout.of(admitted.version.spec, asked: request.headers[.timeout])
            _ = try Preference.of(request.headers[.preference])
        } catch {
            throw ProblemError(error)
        }
        let body = try await management.bytes(of: request, limit: Int(management.limits.asyncBody.bytes))
        var record = ExecutionRecord(
            id: admitted.id,
            function: admitted.version.spec.name,
            version: admitted.version.number,
            isAsync: true,
            state: .queued,
            accepted: management.clock.now(),
            node: management.node.name,
            tier: management.node.tier
        )
        record.traceID = admitted.trace.traceID
        record.requestBytes = UInt64(body.count)
        let headers = request.headers.map { HeaderField($0.name.canonicalName, $0.value) }
        let call = AcceptedCall(
            record: record,
            request: CallRequest(
                method: request.method.rawValue,
                path: path.subPath,
                query: path.query,
                headers: HeaderFilter.toFunction(headers)
            ),
            body: body,
            callbackURL: callback,
            idempotency: key.map { key in
                AcceptedCall.Idempotency(key: key, fingerprint: fingerprint(request, path: path, body: body))
            },
            tokenID: admitted.tokenID,
            traceparent: admitted.trace.traceparent
        )
        guard let key = call.idempotency else { return try await store(call) }
        // Until this is over, the claim of this execution must not be given to another.
        management.acceptances.begin(call.record.id)
        defer { management.acceptances.end(call.record.id) }
        if let earlier = try await earlier(key, for: call.record) { return earlier }
        return try await store(call)
    }

    /// The record of the execution that the continuum has for this key; nil where the call is to be made here.
    private func earlier(
        _ key: AcceptedCall.Idempotency,
        for record: ExecutionRecord
    ) async throws -> ExecutionRecord? {
        guard try await management.bridge.perform({ $0.continuum.isMember }) else { return nil }
        switch try await management.settle(key, for: record) {
        case .own: return nil
        case .earlier(let earlier): return earlier
        case .reused(let id): throw Self.keyReused(id)
        case .forgotten(let claim):
            throw ProblemError(
                "idempotency.forgotten",
                409,
                "The call is no longer known",
                """
                this key was used for \(claim.execution) on node '\(claim.home)', which no longer has its record; nothing was \
                run: use another key for a new call
                """
            )
        case .undecided(let claim):
            var problem = ProblemError(
                "idempotency.unavailable",
                503,
                "The call cannot be followed",
                "node '\(claim.home)' is still storing the call of this key; nothing was run, try again"
            )
            problem.headers = [HeaderField("retry-after", "1")]
            throw problem
        }
    }

    private static func keyReused(_ id: ExecutionID) -> ProblemError {
        ProblemError(
            "idempotency.key-reused",
            422,
            "Idempotency key reused",
            "this key was used for a different call, \(id)"
        )
    }

    private func store(_ call: AcceptedCall) async throws -> ExecutionRecord {
        let acceptance: Acceptance
        do {
            acceptance = try await management.journal.accept(call)
        } catch {
            guard error == .full else {
                management.logger.error("a call could not be accepted", metadata: ["error": "\(error)"])
                throw ProblemError(
                    "platform.internal",
                    500,
                    "Not accepted",
                    "the call could not be stored; it was not accepted"
                )
            }
            throw ProblemError(
                "platform.storage",
                507,
                "Not accepted",
                "\(error); the call was not accepted, try again later"
            )
        }
        switch acceptance {
        case .accepted:
            management.telemetry.asyncAccepted()
            management.dispatcher.notify()
            return call.record
        case .existing(let id):
            return try await management.journal.execution(id)?.record ?? call.record
        case .keyReused(let id):
            throw Self.keyReused(id)
        }
    }

    private func callbackURL(of request: Request) throws -> String? {
        guard let raw = request.headers[.callbackURL] else { return nil }
        do {
            _ = try CallbackTarget(raw)
            return raw
        } catch {
            throw ProblemError(error)
        }
    }

    private func idempotencyKey(of request: Request) throws -> String? {
        guard let key = request.headers[.idempotencyKey] else { return nil }
        guard (1...Self.keyLimit).contains(key.utf8.count) else {
            throw ProblemError(Invalid("Idempotency-Key", "must have 1 to \(Self.keyLimit) characters"))
        }
        return key
    }

    /// Tells a repetition of a call from another one with the same key.
    private func fingerprint(_ request: Request, path: CallPath, body: [UInt8]) -> String {
        var hash = SHA256()
        for part in [request.method.rawValue, path.subPath, path.query] {
            hash.update(data: Array("\(part.utf8.count):\(part)".utf8))
        }
        hash.update(data: body)
        return Hex.text(hash.finalize())
    }
}
