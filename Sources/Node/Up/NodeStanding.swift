import Continuum
import Domain
import Gateway

/// How a node stands in its continuum: who it is, and who takes changes.
struct NodeStanding: Sendable {
    let identity: NodeIdentity
    /// The authority, on the founder.
    let authority: ContinuumAuthority?
    let leadership: Leadership
    /// Where others may be found.
    let peers: [PeerAddress]

    /// Reads what the node keeps; founds a continuum where it keeps nothing and `founds` says so; nil for a node alone.
    static func of(
        _ configuration: NodeConfiguration,
        in folder: ContinuumFolder,
        founds: Bool,
        at now: Timestamp
    ) throws -> NodeStanding? {
        if let identity = try folder.identity(at: now) {
            guard identity.name == configuration.name, identity.tier == configuration.tier,
                identity.site == configuration.site
            else {
                let site = identity.site.map { "at site '\($0)'" } ?? "without a site"
                throw Invalid(
                    "name",
                    "this data folder belongs to node '\(identity.name)' of tier '\(identity.tier)' \(site), as its "
                        + "certificate says; leave --name, --tier and --site out, or choose another --data"
                )
            }
            if let authority = try folder.keptAuthority() {
                let renewed = identity.renewalDue(at: now) ? try issue(authority, configuration, folder, now) : identity
                return NodeStanding(
                    identity: renewed,
                    authority: authority,
                    leadership: .founder,
                    peers: configuration.peers
                )
            }
            guard let known = try folder.kept() else {
                throw Invalid("data", "'\(folder.path)' does not say whom this node follows; join again")
            }
            let others = ([known.founder] + known.peers).compactMap { try? PeerAddress($0.address) }
            return NodeStanding(
                identity: identity,
                authority: nil,
                leadership: .follower(of: known.founder.name, at: try? PeerAddress(known.founder.address)),
                peers: configuration.peers + others
            )
        }
        guard founds else { return nil }
        let authority = try ContinuumAuthority.make(at: now)
        try folder.keep(authority)
        return NodeStanding(
            identity: try issue(authority, configuration, folder, now),
            authority: authority,
            leadership: .founder,
            peers: configuration.peers
        )
    }

    private static func issue(
        _ authority: ContinuumAuthority,
        _ configuration: NodeConfiguration,
        _ folder: ContinuumFolder,
        _ now: Timestamp
    ) throws -> NodeIdentity {
        let key = NodeKey()
        let certificate = try authority.issue(
            request: try key.request(),
            name: configuration.name,
            tier: configuration.tier,
            site: configuration.site,
            at: now,
            lifetime: ContinuumAuthority.nodeLifetime
        )
        try folder.keep(key: key.pem, certificate: certificate, authority: authority.certificatePEM)
        return try NodeIdentity(
            key: key.pem,
            certificate: certificate,
            authority: authority.certificatePEM,
            at: now
        )
    }
}
