/// What a policy that only watches would have chosen.
package struct ShadowChoice: Hashable, Sendable, Codable {
    package let policy: String
    package let chosen: NodeName?

    package init(policy: String, chosen: NodeName?) {
        self.policy = policy
        self.chosen = chosen
    }
}
