import Logging
import Bundles
import Continuum
import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// What nodes ask of one another beside calls: gossip, the founder's state, bundles, joining.
///
/// There is no way to publish, to set anything or to read a secret that the asking node's tier may not have.
struct PeerRoutes {
    let management: Management
    let peers: PeerSide

    func add(to router: Router<some RequestContext>) {
        let routes = router.group("peer/v1")
        routes.post("gossip") { request, _ in try await gossip(request) }
        routes.get("control") { request, _ in
            let caller = try request.peerCaller()
            guard case .founder = management.control.leadership else {
                throw ProblemError("continuum.follower", 409, "Not the founder", "this node follows another")
            }
            return management.json(try await management.control.answer(for: caller.tier))
        }
        routes.put("bundles/:digest") { request, context in try await receiveBundle(request, context) }
        routes.post("bundles/:digest/send") { request, context in try await sendBundle(request, context) }
        routes.get("authority") { _, _ in management.json(try admission().authorityAnswer) }
        routes.post("join") { request, _ in
            let asked = try await management.body(JoinRequest.self, of: request)
            return management.json(try await admission().join(asked), headers: [.cacheControl: "no-store"])
        }
        routes.post("renew") { request, _ in
            let caller = try request.peerCaller()
            let asked = try await management.body(RenewRequest.self, of: request)
            return management.json(try await admission().renew(caller, asked))
        }
        routes.post("drain") { request, _ in try await drain(request, isDraining: true) }
        routes.delete("drain") { request, _ in try await drain(request, isDraining: false) }
        ClaimRoutes(management: management).add(to: routes)
        QuarantineRoutes(management: management).addForPeers(to: routes)
    }

    private func admission() throws -> AdmissionDesk {
        guard let desk = management.admission else {
            throw ProblemError(
                "continuum.follower",
                409,
                "Not the founder",
                "nodes join at the founder of the continuum, which this node is not"
            )
        }
        return desk
    }

    private func gossip(_ request: Request) async throws -> Response {
        let caller = try request.peerCaller()
        let bytes = try await management.bytes(of: request, limit: GossipMessage.sizeLimit)
        let message: GossipMessage
        do {
            message = try JSON.decode(GossipMessage.self, from: bytes)
        } catch let error as DecodingError {
            throw ProblemError("request.invalid", 400, "Invalid request", error.reason)
        }
        let believed = GossipTrust.believed(
            message.reports,
            from: caller.name,
            tier: caller.tier,
            site: caller.site,
            founder: management.control.leadership.founder(or: management.node.name)
        )
        guard let believed else {
            throw ProblemError(
                "request.invalid",
                400,
                "Invalid request",
                "the report names another tier or site than the certificate"
            )
        }
        let (peers, control) = (peers, management.control)
        let reports = try await management.bridge.perform { service in
            service.continuum.heard(believed, from: caller.name)
            if let digest = message.control { peers.pulse.heard(digest, of: caller.name) }
            return service.continuum.gossip(to: caller.name)
        }
        return management.json(GossipMessage(reports: reports, control: await control.digest()))
    }

    // MARK: - Bundles

    private func receiveBundle(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let caller = try request.peerCaller()
        let digest = try context.parameter("digest") { (raw) throws(Invalid) in try Digest(raw) }
        if management.bundles.contains(digest) { return Response(status: .noContent) }
        // Only what was published: a peer cannot fill this node's disk with anything else.
        guard management.catalogue.all.contains(where: { $0.versions.contains { $0.digest == digest } }) else {
            throw ProblemError.notFound("no version of any function has the bundle \(digest)")
        }
        guard management.bundles.beginReceiving(digest) else {
            // Two nodes send it at once: one of them does the work, the other waits for it.
            while management.bundles.isReceiving(digest) { try await Task.sleep(for: .milliseconds(20)) }
            guard management.bundles.contains(digest) else {
                throw ProblemError("bundle.refused", 503, "The bundle was refused", "another transfer of it failed")
            }
            return Response(status: .noContent)
        }
        defer { management.bundles.endReceiving(digest) }
        _ = try await management.receiveBundle(request.body, announced: digest) { _ in }
        management.logger.info(
            "a bundle came",
            metadata: ["digest": "\(digest.text.prefix(19))", "from": "\(caller.name)"]
        )
        return Response(status: .noContent)
    }

    private func sendBundle(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let caller = try request.peerCaller()
        let digest = try context.parameter("digest") { (raw) throws(Invalid) in try Digest(raw) }
        let reference = try request.query("function", FunctionReference.init)
        guard let reference, case .version(let number) = reference.qualifier,
            let version = management.catalogue.function(reference.name)?.version(number), version.digest == digest,
            management.bundles.contains(digest)
        else { throw ProblemError.notFound("this node does not have that bundle") }
        let loop = management.bridge.eventLoop
        try await loop.flatSubmit {
            management.bridge.withService { $0.continuum.sendBundle(version, to: caller.name) }
        }
        .get()
        return Response(status: .noContent)
    }

    // MARK: - Draining

    /// The founder's operator may let any node drain.
    private func drain(_ request: Request, isDraining: Bool) async throws -> Response {
        let caller = try request.peerCaller()
        guard case .follower(let founder, _) = management.control.leadership, caller.name == founder else {
            throw ProblemError("access.denied", 403, "Denied", "only the founder may ask this of a node")
        }
        management.bridge.execute { isDraining ? $0.continuum.drain() : $0.continuum.resume() }
        return Response(status: .noContent)
    }
}
