package import Domain

/// Which nodes may have which secrets, and so run the functions that name them.
package struct SecretReach: Hashable, Sendable {
    /// The tiers that may read a secret; one that is not named here stays with `home`.
    package var tiers: [SecretName: Set<Tier>]
    /// The tiers of the nodes that are known.
    package var nodes: [NodeName: Tier]
    /// The node that keeps the secrets; it may read all.
    package var home: NodeName?

    package init(tiers: [SecretName: Set<Tier>] = [:], nodes: [NodeName: Tier] = [:], home: NodeName? = nil) {
        self.tiers = tiers
        self.nodes = nodes
        self.home = home
    }

    /// Adds the nodes that lack a secret of the function to those that are out already.
    package func barred(for spec: FunctionSpec, adding barred: [NodeName: String]) -> [NodeName: String] {
        guard !spec.secrets.isEmpty, let home else { return barred }
        var barred = barred
        for (name, tier) in nodes where name != home && barred[name] == nil {
            if let secret = spec.secrets.first(where: { tiers[$0]?.contains(tier) != true }) {
                barred[name] = "its tier, \(tier), may not read secret '\(secret)'"
            }
        }
        return barred
    }
}
