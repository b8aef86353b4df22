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
}
