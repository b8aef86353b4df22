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

    package init(authenticator: Authenticator, requiresToken: Bool) {
        self.authenticator = authenticator
        self.requiresToken = requiresToken
    }

    /// Makes the plan of a call from the head of its request.
    func plan(_ head: HTTPRequestHead, service: CallService) -> Result<CallPlan, Refusal> {
        Result { () throws(Refusal) in try makePlan(head, service: service) }
    }

    private func makePlan(_ head: HTTPRequestHead, service: CallService) throws(Refusal) -> CallPlan {
        let path: CallPath
        let timeout: TimeSpan
        do {
            path = try CallPath(head.uri)
        } catch {
            throw Self.refusal("request.invalid", 400, "Invalid request", error.description)
        }
        let token = try admit(path.reference.name, authorization: head.headers["authorization"].first, service: service)
        guard let version = service.resolve(path.reference) else {
            throw Self.refusal("function.unknown", 404, "Unknown function", "there is no function '\(path.reference)'")
        }
        do {
            timeout = try Timeout.of(version.spec, asked: head.headers[Timeout.header].first)
        } catch {
            throw Self.refusal("request.invalid", 400, "Invalid request", error.description)
        }
        return CallPlan(
            id: service.makeID(),
            version: version,
            request: CallRequest(
                method: head.method.rawValue,
                path: path.subPath,
                query: path.query,
                headers: HeaderFilter.toFunction(head.headers)
            ),
            trace: service.trace(continuing: head.headers["traceparent"].first),
            deadline: .now() + .microseconds(timeout.microseconds),
            accepted: service.clock.now(),
            base: nil,
            tokenID: token?.id
        )
    }

    /// Whether this caller may call that function; a caller without a right to it does not learn whether it exists.
    func admit(_ function: FunctionName, authorization: String?, service: CallService) throws(Refusal) -> TokenRecord? {
        let isPublic = service.catalogue.function(function)?.latest?.spec.access == .public
        guard requiresToken, !isPublic else { return authenticator.record(authorization: authorization) }
        switch authenticator.check(authorization: authorization, for: .invoke, on: function) {
        case .granted(let record):
            return record
        case .unauthenticated:
            throw Self.unauthenticated
        case .lacks(let scope):
            throw Self.lacking(scope)
        }
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
