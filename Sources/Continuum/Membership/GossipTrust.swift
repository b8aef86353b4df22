package import Domain

/// What of another node's gossip is believed.
///
/// Whoever sends it has a certificate, but may have been taken over: what it says of itself must be what its certificate
/// says, for tiers and sites decide who runs and reads what, and that a node was removed only the founder may say, or
/// one lie would silence every node.
package enum GossipTrust {
    /// The reports that are believed; nil when the sender claims to be another than it is.
    package static func believed(
        _ reports: [NodeReport],
        from name: NodeName,
        tier: Tier,
        site: Site?,
        founder: NodeName
    ) -> [NodeReport]? {
        let own = reports.filter { $0.name == name }
        guard own.allSatisfy({ $0.description.tier == tier && $0.description.site == site }) else { return nil }
        return name == founder ? reports : reports.filter { $0.state != .removed }
    }
}
