/// Where a function's calls may run.
package struct PlacementConstraints: Hashable, Sendable, Codable {
    /// Tiers that may run it; empty means all.
    package let tiers: [Tier]
    /// Sites that may run it; empty means all.
    package let sites: [Site]
    /// Whether its calls must stay in the site they arrived at.
    package let sensitive: Bool

    package init(tiers: [Tier] = [], sites: [Site] = [], sensitive: Bool = false) {
        self.tiers = tiers
        self.sites = sites
        self.sensitive = sensitive
    }

    /// All reasons why `node` may not run a call that arrived at `origin`; empty when it may.
    package func obstacles(on node: NodeDescription, from origin: Site?) -> [String] {
        var reasons: [String] = []
        if !tiers.isEmpty, !tiers.contains(node.tier) {
            reasons.append(
                "its tier is \(node.tier), the function asks for \(tiers.map(\.text).joined(separator: ", "))"
            )
        }
        if !sites.isEmpty, !sites.contains(where: { $0 == node.site }) {
            let site = node.site?.text ?? "not set"
            reasons.append("its site is \(site), the function asks for \(sites.map(\.text).joined(separator: ", "))")
        }
        if sensitive, node.site != origin {
            reasons.append("the function is sensitive and the call arrived at another site")
        }
        return reasons
    }
}
