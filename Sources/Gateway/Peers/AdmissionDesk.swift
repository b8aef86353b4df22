package import Continuum
package import Domain
package import Fabric
package import Logging

/// Lets nodes into the continuum and out of it: the founder's work.
package actor AdmissionDesk {
    private let authority: ContinuumAuthority
    private let node: NodeName
    /// Where this node's peer interface can be reached; nil before it listens.
    private var address: PeerAddress?
    private let store: any ContinuumStore
    private let gate: PeerGate
    private let control: ControlDesk
    private let bridge: CallBridge
    private let clock: GatewayClock
    private let logger: Logger
    private var desk: JoinDesk

    package init(
        authority: ContinuumAuthority,
        node: NodeName,
        store: any ContinuumStore,
        gate: PeerGate,
        control: ControlDesk,
        bridge: CallBridge,
        clock: GatewayClock,
        logger: Logger
    ) async throws {
        self.authority = authority
        self.node = node
        self.store = store
        self.gate = gate
        self.control = control
        self.bridge = bridge
        self.clock = clock
        self.logger = logger
        let kept = try await store.document(.invitations)
        self.desk = try kept.map { try JSON.decode(JoinDesk.self, from: $0) } ?? JoinDesk()
    }

    /// The peer interface can be reached there by those who are invited.
    package func listens(at address: PeerAddress) { self.address = address }

    private func reachable() throws -> PeerAddress {
        guard let address else {
            throw ProblemError("continuum.starting", 503, "Not ready", "the peer interface does not listen yet")
        }
        return address
    }

    /// Makes a join token, good once.
    func invite(_ request: InvitationRequest) async throws -> JoinTicket {
        let address = try reachable()
        var copy = desk
        var random = SystemRandomNumberGenerator()
        let made: (token: JoinToken, record: JoinTokenRecord)
        do {
            made = try copy.invite(request, authority: authority.certificate, at: clock.now(), using: &random)
        } catch {
            throw ProblemError("continuum.invitation", 400, "Not invited", error.description)
        }
        try await store.store(JSON.encode(copy), as: .invitations)
        desk = copy
        return JoinTicket(address: address.text, token: made.token.text, expires: made.record.expires)
    }

    /// Lets a node in that holds a join token: it gets a certificate.
    func join(_ request: JoinRequest) async throws -> JoinAnswer {
        let address = try reachable()
        var copy = desk
        let now = clock.now()
        let record: JoinTokenRecord
        do {
            record = try copy.redeem(request.token, for: request.name, tier: request.tier, at: now)
        } catch {
            logger.warning("a node was not let in", metadata: ["reason": "\(error)", "name": "\(request.name)"])
            throw ProblemError("continuum.join", 403, "Not let in", error.answer)
        }
        let members = try await bridge.perform { $0.continuum.members() }
        let holder = members.first { $0.name == request.name }
        guard request.name != node, holder.map({ $0.state.isGone }) ?? true else {
            throw ProblemError(
                "continuum.name-taken",
                409,
                "The name is taken",
                "there is a node '\(request.name)' already; choose another name, or remove that node first"
            )
        }
        let certificate: String
        do {
            certificate = try authority.issue(
                request: request.request,
                name: request.name,
                tier: record.tier,
                site: request.site,
                at: gate.revocations.issueTime(for: request.name, at: now),
                lifetime: ContinuumAuthority.nodeLifetime
            )
        } catch {
            throw ProblemError("continuum.join", 400, "Not let in", error.description)
        }
        // Kept before the certificate is handed out: whatever happens, the token is not good twice.
        try await store.store(JSON.encode(copy), as: .invitations)
        desk = copy
        logger.info("a node joined", metadata: ["node": "\(request.name)", "tier": "\(record.tier)"])
        return JoinAnswer(
            certificate: certificate,
            authority: authority.certificatePEM,
            founder: JoinPeer(name: node, address: address.text),
            peers: members.filter { $0.name != node && !$0.state.isGone }
                .map { JoinPeer(name: $0.name, address: $0.report.address) }
        )
    }

    /// Gives a node the certificate that follows its present one.
    func renew(_ present: PeerCaller, _ request: RenewRequest) throws -> RenewAnswer {
        do {
            return RenewAnswer(
                certificate: try authority.issue(
                    request: request.request,
                    name: present.name,
                    tier: present.tier,
                    site: present.site,
                    at: clock.now(),
                    lifetime: ContinuumAuthority.nodeLifetime
                )
            )
        } catch {
            throw ProblemError("continuum.renew", 400, "Not renewed", error.description)
        }
    }

    /// Removes a node: its certificates are no longer good anywhere.
    func remove(_ name: NodeName) async throws {
        gate.change { $0.remove(name, reason: "removed by an operator", at: clock.now()) }
        try await store.store(JSON.encode(gate.revocations), as: .revocations)
        try await bridge.perform { $0.continuum.remove(name) }
        await control.changed()
        logger.warning("a node was removed", metadata: ["node": "\(name)"])
    }

    /// The authority's certificate, for a node that wants to join.
    nonisolated var authorityAnswer: AuthorityAnswer {
        AuthorityAnswer(name: node, authority: authority.certificatePEM)
    }
}
