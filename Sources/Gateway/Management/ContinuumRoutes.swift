import Executor
import Continuum
import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// Letting nodes in, draining and removing them, and where calls go.
struct ContinuumRoutes {
    let management: Management

    func add(to router: Router<some RequestContext>) {
        router.post("v1/invitations") { request, _ in
            try management.demand(.operate, of: request)
            let asked = try await management.body(InvitationRequest.self, of: request)
            let ticket = try await admission().invite(asked)
            return management.json(ticket, status: .created, headers: [.cacheControl: "no-store"])
        }
        router.post("v1/nodes/:name/drain") { request, context in
            try await drain(request, context, isDraining: true)
        }
        router.delete("v1/nodes/:name/drain") { request, context in
            try await drain(request, context, isDraining: false)
        }
        router.delete("v1/nodes/:name") { request, context in
            try management.demand(.operate, of: request)
            let name = try context.parameter("name", NodeName.init)
            guard name != management.node.name else {
                throw ProblemError(
                    "continuum.self",
                    409,
                    "It is this node",
                    "a node cannot remove itself; stop it instead"
                )
            }
            try await management.mustKnow(name)
            try await admission().remove(name)
            return Response(status: .noContent)
        }
        router.get("v1/traffic") { request, _ in
            try management.demand(.operate, of: request)
            let seconds = try request.number("seconds", in: 1...59, default: 10)
            return management.json(
                try await management.bridge.perform { $0.continuum.trafficReport(seconds: seconds) }
            )
        }
        router.get("v1/debug/invariants") { request, _ in
            try management.demand(.operate, of: request)
            let broken = try await management.bridge.perform { service in
                service.executor.brokenInvariants + service.continuum.brokenInvariants(live: service.liveCount)
            }
            return management.json(["broken": broken])
        }
    }

    private func admission() throws -> AdmissionDesk {
        if let desk = management.admission { return desk }
        try management.control.demandLead()
        throw ProblemError(
            "continuum.none",
            409,
            "There is no continuum",
            "start the node with --peer-listen HOST:PORT, which founds one"
        )
    }

    private func drain(
        _ request: Request,
        _ context: some RequestContext,
        isDraining: Bool
    ) async throws -> Response {
        try management.demand(.operate, of: request)
        let name = try context.parameter("name", NodeName.init)
        if name == management.node.name {
            guard try await management.bridge.perform({ $0.continuum.isMember }) else {
                throw ProblemError(
                    "continuum.none",
                    409,
                    "There is no continuum",
                    "calls of a node that is alone cannot go elsewhere; stop the node, and it drains"
                )
            }
            management.bridge.execute { isDraining ? $0.continuum.drain() : $0.continuum.resume() }
            return Response(status: .noContent)
        }
        try management.control.demandLead()
        try await management.mustKnow(name)
        let answer = try await management.ask(name, isDraining ? "POST" : "DELETE", "/peer/v1/drain")
        guard answer.status == 204 else {
            throw ProblemError(
                "continuum.peer",
                502,
                "The node refused",
                "node '\(name)' answered with status \(answer.status)"
            )
        }
        return Response(status: .noContent)
    }
}

extension Management {
    /// Throws 404 for a node that is not known.
    func mustKnow(_ name: NodeName) async throws {
        guard try await bridge.perform({ $0.continuum.names.contains(name) }) else {
            throw ProblemError.notFound("there is no node '\(name)'")
        }
    }

    /// Asks another node something and collects its answer.
    func ask(
        _ name: NodeName,
        _ method: String,
        _ target: String,
        body: [UInt8] = [],
        within limit: TimeAmount = .seconds(5)
    ) async throws -> PeerAnswer {
        do {
            return try await bridge.ask(name, method, target, body: body, within: limit)
        } catch let loss as PeerLoss {
            throw ProblemError("continuum.peer", 502, "The node did not answer", loss.reason)
        }
    }
}
