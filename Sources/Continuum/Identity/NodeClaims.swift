import Domain

/// What a certificate says of its node: `godwit://node/NAME?tier=TIER` and, where the node has a site, `&site=SITE`.
struct NodeClaims: Hashable, Sendable {
    private static let prefix = "godwit://node/"

    let name: NodeName
    let tier: Tier
    let site: Site?

    init(name: NodeName, tier: Tier, site: Site?) {
        self.name = name
        self.tier = tier
        self.site = site
    }

    /// Parses exactly the form that ``uri`` writes: the same fields, in the same order, nothing escaped.
    init?(uri: String) {
        guard uri.hasPrefix(Self.prefix) else { return nil }
        let parts = uri.dropFirst(Self.prefix.count).split(separator: "?", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let fields = parts[1].split(separator: "&", omittingEmptySubsequences: false)
        guard fields.count <= 2, let tier = fields.first, tier.hasPrefix("tier=") else { return nil }
        do {
            self.name = try NodeName(String(parts[0]))
            self.tier = try Tier(String(tier.dropFirst("tier=".count)))
            self.site = try fields.count == 2 ? Site(String(fields[1].dropFirst("site=".count))) : nil
        } catch {
            return nil
        }
        guard self.uri == uri else { return nil }
    }

    /// The text that stands in the certificate; labels hold nothing that would have to be escaped.
    var uri: String {
        "\(Self.prefix)\(name)?tier=\(tier)" + (site.map { "&site=\($0)" } ?? "")
    }
}
