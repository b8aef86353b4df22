import Domain
import HTTPTypes
import Hummingbird

/// Tokens: make, see and revoke them.
struct TokenRoutes {
    let management: Management

    func add(to router: Router<some RequestContext>) {
        let tokens = router.group("v1/tokens")
        tokens.get { request, _ in
            try management.demand(.operate, of: request)
            return management.json(TokenList(tokens: try await management.authenticator.list()))
        }
        tokens.post { request, _ in
            try management.demand(.operate, of: request)
            let asked = try await management.body(TokenRequest.self, of: request)
            guard !asked.scopes.isEmpty else {
                throw ProblemError(Invalid("scopes", "a token needs at least one of invoke, publish, operate"))
            }
            guard asked.note.utf8.count <= 200 else {
                throw ProblemError(Invalid("note", "may have at most 200 bytes"))
            }
            try management.control.demandLead()
            let issued = try await management.authenticator.issue(asked)
            await management.control.changed()
            return management.json(issued, status: .created, headers: [.cacheControl: "no-store"])
        }
        tokens.delete(":id") { request, context in
            try management.demand(.operate, of: request)
            try management.control.demandLead()
            guard try await management.authenticator.revoke(id: context.parameters.get("id") ?? "") else {
                throw ProblemError.notFound("there is no such token")
            }
            await management.control.changed()
            return Response(status: .noContent)
        }
    }
}
