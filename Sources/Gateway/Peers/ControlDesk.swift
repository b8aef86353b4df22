import Continuum
import Crypto
package import Domain
package import Fabric
package import Logging

/// Keeps what the whole continuum must agree on, or follows the node that keeps it.
///
/// Changes are rare and go through here one after the other; calls never do.
package actor ControlDesk {
    /// How long an idempotency key is remembered for the continuum.
    private static let claimMemory = TimeSpan.hours(7 * 24)

    package nonisolated let leadership: Leadership
    private let node: NodeDescription
    private let store: any ContinuumStore
    private let registry: any Registry
    private let catalogue: Catalogue
    private let authenticator: Authenticator
    private let secrets: SecretVault
    private let gate: PeerGate
    private let bridge: CallBridge
    private let clock: GatewayClock
    private let logger: Logger
    private var weights: WeightRevision
    private var secretTiers: [String: [Tier]] = [:]
    private var nodeTiers: [NodeName: Tier] = [:]
    private var cached: (digest: String, snapshot: ControlSnapshot)?
    private var followed: String?
    /// The state that is being fetched.
    private var fetching: String?

    package init(
        leadership: Leadership,
        node: NodeDescription,
        store: any ContinuumStore,
        registry: any Registry,
        catalogue: Catalogue,
        authenticator: Authenticator,
        secrets: SecretVault,
        gate: PeerGate,
        bridge: CallBridge,
        clock: GatewayClock,
        logger: Logger
    ) {
        self.leadership = leadership
        self.node = node
        self.store = store
        self.registry = registry
        self.catalogue = catalogue
        self.authenticator = authenticator
        self.secrets = secrets
        self.gate = gate
        self.bridge = bridge
        self.clock = clock
        self.logger = logger
        self.weights = WeightRevision(
            revision: 1,
            table: WeightTable(),
            changed: clock.now(),
            author: node.name.text,
            note: "what a continuum starts with"
        )
    }

    /// Reads what was kept, and lets calls be placed by it.
    package func load() async throws {
        if let kept = try await store.weights() {
            weights = kept
        } else if leadership.isLeading {
            _ = try await store.append(weights)
        }
        if let bytes = try await store.document(.secretTiers) {
            secretTiers = try JSON.decode([String: [Tier]].self, from: bytes)
        }
        // What the founder said last holds until it is reached again; it is asked anew after every start.
        if !leadership.isLeading, let bytes = try await store.document(.followed) {
            authenticator.adopt(try JSON.decode([TokenRecord].self, from: bytes))
        }
        let weights = weights
        bridge.execute { $0.continuum.set(weights) }
        publishReach()
    }

    /// Refuses changes on a node that follows another, and says which one.
    nonisolated func demandLead() throws {
        guard case .follower(let founder, let address) = leadership else { return }
        let place = address.map { " (its peer interface is at \($0))" } ?? ""
        throw ProblemError(
            "continuum.follower",
            409,
            "This node follows another",
            "functions, weights, tokens and secrets are changed on node '\(founder)'\(place), and reach this one by themselves"
        )
    }

    // MARK: - Weights

    func currentWeights() -> WeightRevision { weights }

    func history(limit: Int) async throws -> [WeightRevision] { try await store.weightHistory(limit: limit) }

    /// Sets the weights for all nodes; `expected` is the revision that the change was made from, where it was told.
    func setWeights(
        _ table: WeightTable,
        note: String,
        author: String,
        expecting expected: Int?
    ) async throws
        -> WeightRevision
    {
        try demandLead()
        if let expected, expected != weights.revision { throw conflict() }
        let next = WeightRevision(
            revision: weights.revision + 1,
            table: table,
            changed: clock.now(),
            author: author,
            note: note
        )
        guard try await store.append(next) else { throw conflict() }
        weights = next
        bridge.execute { $0.continuum.set(next) }
        logger.info("weights changed", metadata: ["revision": "\(next.revision)", "author": "\(author)"])
        await changed()
        return next
    }

    /// Makes an earlier state of the weights the newest again.
    func rollback(
        to revision: Int,
        note: String,
        author: String,
        expecting expected: Int?
    ) async throws
        -> WeightRevision
    {
        try demandLead()
        guard let earlier = try await store.weightHistory(limit: 1000).first(where: { $0.revision == revision }) else {
            throw ProblemError.notFound("there is no revision \(revision) of the weights; it may have been forgotten")
        }
        let text = note.isEmpty ? "back to revision \(revision)" : "back to revision \(revision): \(note)"
        return try await setWeights(earlier.table, note: text, author: author, expecting: expected)
    }

    private func conflict() -> ProblemError {
        var error = ProblemError(
            "weights.conflict",
            412,
            "Changed meanwhile",
            "the weights are at revision \(weights.revision) now; read them again and repeat the change"
        )
        error.headers = [HeaderField("etag", weights.entityTag)]
        return error
    }

    // MARK: - Secrets

    /// The tiers that a secret is for: those of the last change, and this node's own where nothing was said.
    func setTiers(_ tiers: [Tier]?, of secret: SecretName) async throws {
        secretTiers[secret.text] = tiers ?? secretTiers[secret.text] ?? [node.tier]
        try await store.store(JSON.encode(secretTiers), as: .secretTiers)
        await changed()
    }

    /// The tiers that each secret is for, by its name.
    func tiersOfSecrets() -> [String: [Tier]] { secretTiers }

    func forgetTiers(of secret: SecretName) async throws {
        secretTiers[secret.text] = nil
        try await store.store(JSON.encode(secretTiers), as: .secretTiers)
        await changed()
    }

    /// The tiers of the nodes that are known, as their certificates or reports say.
    package func know(_ tiers: [NodeName: Tier]) {
        guard tiers != nodeTiers else { return }
        nodeTiers = tiers
        publishReach()
    }

    private func publishReach() {
        let home: NodeName? =
            switch leadership {
            case .alone: nil
            case .founder: node.name
            case .follower(let founder, _): founder
            }
        var tiers: [SecretName: Set<Tier>] = [:]
        for (name, allowed) in secretTiers {
            if let name = try? SecretName(name) { tiers[name] = Set(allowed) }
        }
        var known = nodeTiers
        known[node.name] = node.tier
        let reach = SecretReach(tiers: tiers, nodes: known, home: home)
        bridge.execute { $0.continuum.set(reach) }
    }

    /// Forgets idempotency keys that nobody will repeat any more.
    func forgetOldClaims() async {
        let limit = clock.now().advanced(by: TimeSpan(microseconds: -Self.claimMemory.microseconds))
        do {
            try await store.forgetClaims(before: limit)
        } catch {
            logger.warning("old idempotency keys could not be forgotten", metadata: ["error": "\(error)"])
        }
    }

    // MARK: - Spreading

    /// Something that others copy has changed: they are told at once.
    func changed() async {
        cached = nil
        publishReach()
        bridge.execute { $0.continuum.onNews?() }
    }

    /// Names the present state; nil on a node that follows another.
    package func digest() async -> String? {
        guard case .founder = leadership else { return nil }
        return try? await current().digest
    }

    /// The state for a node of a tier, with the secrets that this tier may read.
    func answer(for tier: Tier) async throws -> ControlAnswer {
        let (digest, snapshot) = try await current()
        var values: [String: [UInt8]] = [:]
        for (name, tiers) in snapshot.secretTiers where tiers.contains(tier) {
            if let secret = try? SecretName(name), let value = secrets.value(secret) {
                values[name] = Array(value.utf8)
            }
        }
        return ControlAnswer(digest: digest, snapshot: snapshot, secrets: values)
    }

    private func current() async throws -> (digest: String, snapshot: ControlSnapshot) {
        if let cached { return cached }
        var changes: [String: Timestamp] = [:]
        for (name, changed) in try await secrets.names() { changes[name.text] = changed }
        let snapshot = ControlSnapshot(
            functions: catalogue.all,
            weights: weights,
            tokens: authenticator.own,
            revocations: gate.revocations,
            secretTiers: secretTiers,
            secretChanges: changes
        )
        let made = (Hex.text(SHA256.hash(data: JSON.encode(snapshot))), snapshot)
        cached = made
        return made
    }

    // MARK: - Following

    /// Whether the founder's state is another than the one taken over last, and nobody fetches it yet.
    ///
    /// Whoever is told so must fetch it, and say ``fetched()`` afterwards.
    func shouldFetch(_ digest: String, from name: NodeName) -> Bool {
        guard case .follower(let founder, _) = leadership, name == founder else { return false }
        guard digest != followed, fetching == nil else { return false }
        fetching = digest
        return true
    }

    func fetched() { fetching = nil }

    /// Takes the founder's state over.
    func follow(_ answer: ControlAnswer) async throws {
        guard answer.digest != followed else { return }
        let snapshot = answer.snapshot
        try await registry.replaceAll(with: snapshot.functions)
        try await catalogue.reload()
        authenticator.adopt(snapshot.tokens)
        _ = gate.merge(snapshot.revocations)
        try await store.store(JSON.encode(gate.revocations), as: .revocations)
        if snapshot.weights != weights {
            try await store.adopt(snapshot.weights)
            weights = snapshot.weights
            let weights = weights
            bridge.execute { $0.continuum.set(weights) }
        }
        secretTiers = snapshot.secretTiers
        try await store.store(JSON.encode(secretTiers), as: .secretTiers)
        try await takeOver(answer.secrets)
        publishReach()
        followed = answer.digest
        try await store.store(JSON.encode(snapshot.tokens), as: .followed)
        logger.info(
            "the founder's state was taken over",
            metadata: [
                "functions": "\(snapshot.functions.count)", "weights": "\(weights.revision)",
                "tokens": "\(snapshot.tokens.count)",
            ]
        )
    }

    private func takeOver(_ values: [String: [UInt8]]) async throws {
        for (name, _) in try await secrets.names() where values[name.text] == nil { _ = try await secrets.delete(name) }
        for (name, value) in values {
            guard let secret = try? SecretName(name), secrets.value(secret).map({ Array($0.utf8) }) != value else {
                continue
            }
            try await secrets.put(secret, value: value, at: clock.now())
        }
    }
}
