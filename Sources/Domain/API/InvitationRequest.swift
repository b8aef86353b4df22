/// The body of `POST /v1/invitations`: whom a join token is for.
package struct InvitationRequest: Hashable, Sendable, Codable {
    /// The only name it is good for; nil means any that is free.
    package let name: NodeName?
    /// The tier that the node will belong to.
    package let tier: Tier
    package let lifetime: TimeSpan

    package init(name: NodeName?, tier: Tier, lifetime: TimeSpan = .hours(1)) {
        self.name = name
        self.tier = tier
        self.lifetime = lifetime
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try values.decodeIfPresent(NodeName.self, forKey: .name),
            tier: try values.decode(Tier.self, forKey: .tier),
            lifetime: try values.decodeIfPresent(TimeSpan.self, forKey: .lifetime) ?? .hours(1)
        )
    }

    private enum CodingKeys: String, CodingKey { case name, tier, lifetime }
}
