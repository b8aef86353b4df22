/// What a node is and where it stands.
package struct NodeDescription: Hashable, Sendable, Codable {
    package let name: NodeName
    package let tier: Tier
    package let site: Site?
    package let cores: Int
    package let memory: ByteSize
    /// `x86_64`, `aarch64`.
    package let architecture: String

    package init(
        name: NodeName,
        tier: Tier,
        site: Site?,
        cores: Int,
        memory: ByteSize,
        architecture: String
    ) {
        self.name = name
        self.tier = tier
        self.site = site
        self.cores = cores
        self.memory = memory
        self.architecture = architecture
    }
}
