import Domain
import HTTPTypes
import Hummingbird

/// Secrets: set and delete them, and see their names; values never come back.
struct SecretRoutes {
    let management: Management

    func add(to router: Router<some RequestContext>) {
        let secrets = router.group("v1/secrets")
        secrets.get { request, _ in
            try demandAll(request)
            let names = try await management.secrets.names()
            let tiers = await management.control.tiersOfSecrets()
            return management.json(
                SecretList(
                    secrets: names.map { .init(name: $0.name, changed: $0.changed, tiers: tiers[$0.name.text]) }
                )
            )
        }
        secrets.put(":name") { request, context in
            try demandAll(request)
            let name = try context.parameter("name", SecretName.init)
            try management.control.demandLead()
            let tiers = try request.query("tiers") { (raw) throws(Invalid) in
                var tiers: [Tier] = []
                for word in raw.split(separator: ",") { tiers.append(try Tier(String(word))) }
                return tiers
            }
            let value = try await management.bytes(of: request, limit: SecretVault.maximumLength)
            do {
                try await management.secrets.put(name, value: value, at: management.clock.now())
            } catch let error as Invalid {
                throw ProblemError(error)
            }
            try await management.control.setTiers(tiers, of: name)
            return Response(status: .noContent)
        }
        secrets.delete(":name") { request, context in
            try demandAll(request)
            let name = try context.parameter("name", SecretName.init)
            try management.control.demandLead()
            guard try await management.secrets.delete(name) else {
                throw ProblemError.notFound("there is no secret '\(name)'")
            }
            try await management.control.forgetTiers(of: name)
            return Response(status: .noContent)
        }
    }

    /// Secrets are shared by all functions: a token that is good for some of them is not good for these.
    private func demandAll(_ request: Request) throws { try management.demand(.publish, of: request) }
}
