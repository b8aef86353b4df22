/// Where a function's calls may run.
package struct PlacementConstraints: Hashable, Sendable {
    /// Tiers that may run it; empty means all.
    package let tiers: [Tier]
    /// Sites that may run it; empty means all.
    package let sites: [Site]
    /// Whether its calls must stay in the site they arrived at.
    package let sensitive: Bool
    /// Architectures that it was built for, such as `x86_64`; empty means it runs on all.
    package let architectures: [String]
    /// Accelerators that a node must have, all of them.
    package let accelerators: [String]

    package init(
        tiers: [Tier] = [],
        sites: [Site] = [],
        sensitive: Bool = false,
        architectures: [String] = [],
        accelerators: [String] = []
    ) {
        self.tiers = tiers
        self.sites = sites
        self.sensitive = sensitive
        self.architectures = architectures
        self.accelerators = accelerators
    }

    /// The same for a function whose executable is built for `architecture`, unless it says itself what it is built for.
    package func builtFor(_ architecture: String) -> PlacementConstraints {
        guard architectures.isEmpty else { return self }
        return PlacementConstraints(
            tiers: tiers,
            sites: sites,
            sensitive: sensitive,
            architectures: [architecture],
            accelerators: accelerators
        )
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
        if !architectures.isEmpty, !architectures.contains(node.architecture) {
            let known = architectures.joined(separator: ", ")
            reasons.append("its architecture is \(node.architecture), the function is built for \(known)")
        }
        let missing = accelerators.filter { !node.accelerators.contains($0) }
        if !missing.isEmpty { reasons.append("it has no \(missing.joined(separator: ", "))") }
        return reasons
    }
}

extension PlacementConstraints: Codable {
    private enum CodingKeys: String, CodingKey { case tiers, sites, sensitive, architectures, accelerators }

    /// Takes what earlier versions stored too, which knew fewer fields.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            tiers: try values.decodeIfPresent([Tier].self, forKey: .tiers) ?? [],
            sites: try values.decodeIfPresent([Site].self, forKey: .sites) ?? [],
            sensitive: try values.decodeIfPresent(Bool.self, forKey: .sensitive) ?? false,
            architectures: try values.decodeIfPresent([String].self, forKey: .architectures) ?? [],
            accelerators: try values.decodeIfPresent([String].self, forKey: .accelerators) ?? []
        )
    }
}
