import Domain
import NIOCore
import NIOHTTP1
import Telemetry

/// Lets a call in: who makes it, of what, for how long.
package struct FrontDoor: Sendable {
    /// Why a call is not let in.
    struct Refusal: Error {
        let problem: Problem
        var headers: [HeaderField] = []
    }

    let authenticator: Authenticator
    /// Whether calls on this listener need a token even where it is a loopback listener.
    let requiresToken: Bool
    /// Whether this node takes calls of clients, and not only those that other nodes pass on.
    let takesCalls: Bool

    package init(authenticator: Authenticator, requiresToken: Bool, takesCalls: Bool) {
        self.authenticator = authenticator
        self.requiresToken = requiresToken
        self.takesCalls = takesCalls
    }

    /// Makes the plan of a call from the head of its request.
    func plan(_ head: HTTPRequestHead, intake: Intake) -> Result<CallPlan, Refusal> {
        Result { () throws(Refusal) in try makePlan(head, intake: intake) }
    }

    private func makePlan(_ head: HTTPRequestHead, intake: Intake) throws(Refusal) -> CallPlan {
        let path: CallPath
        let timeout: TimeSpan
        do {
            path = try CallPath(head.uri)
        } catch {
            throw Self.refusal("request.invalid", 400, "Invalid request", error.description)
        }
        let authorization = head.headers["authorization"].first
        let (version, token) = try admit(path.reference, authorization: authorization, intake: intake)
        let preference: WeightKind?
        do {
            timeout = try Timeout.of(version.spec, asked: head.headers[Timeout.header].first)
            preference = try Preference.of(head.headers[Preference.header].first)
        } catch {
            throw Self.refusal("request.invalid", 400, "Invalid request", error.description)
        }
        return CallPlan(
            id: intake.makeID(),
            version: version,
            request: CallRequest(
                method: head.method.rawValue,
                path: path.subPath,
                query: path.query,
                headers: HeaderFilter.toFunction(head.headers)
            ),
            trace: intake.trace(continuing: head.headers["traceparent"].first),
            deadline: .now() + .microseconds(timeout.microseconds),
            accepted: intake.clock.now(),
            base: nil,
            tokenID: token?.id,
            preference: preference
        )
    }

    /// The version that this caller may call, and the token it came with; a caller without a right to a function does
    /// not learn whether it exists.
    func admit(
        _ reference: FunctionReference,
        authorization: String?,
        intake: Intake
    ) throws(Refusal) -> (FunctionVersion, TokenRecord?) {
        guard takesCalls else {
            throw Self.refusal(
                "platform.no-gateway",
                503,
                "No gateway",
                "this node runs functions for others and takes no calls itself; call another node"
            )
        }
        let version = intake.resolve(reference)
        let token: TokenRecord?
        if requiresToken, version?.spec.access != .public {
            switch authenticator.check(authorization: authorization, for: .invoke, on: reference.name) {
            case .granted(let record): token = record
            case .unauthenticated: throw Self.unauthenticated
            case .lacks(let scope): throw Self.lacking(scope)
            }
        } else {
            token = authenticator.record(authorization: authorization)
        }
        guard let version else {
            throw Self.refusal("function.unknown", 404, "Unknown function", "there is no function '\(reference)'")
        }
        return (version, token)
    }

    /// No valid token.
    static var unauthenticated: Refusal {
        var refusal = refusal(
            "access.unauthenticated",
            401,
            "Not authenticated",
            "this needs a valid token: send 'Authorization: Bearer …'"
        )
        refusal.headers = [HeaderField("www-authenticate", "Bearer realm=\"godwit\"")]
        return refusal
    }

    /// A token that is not good for this.
    static func lacking(_ scope: Scope) -> Refusal {
        refusal("access.denied", 403, "Denied", "the token lacks the scope '\(scope.rawValue)' for this")
    }

    static func refusal(_ kind: String, _ status: Int, _ title: String, _ detail: String) -> Refusal {
        Refusal(problem: Problem(kind: kind, title: title, status: status, detail: detail))
    }
}
