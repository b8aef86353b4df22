package import Domain

/// What an operator says of a node, or a probe found out: the `node` part of the configuration.
///
/// What is nil is not said.
package struct NodeProfile: Hashable, Sendable {
    package var deviceClass: DeviceClass?
    package var cores: Int?
    package var memory: ByteSize?
    package var architecture: String?
    /// Names of accelerators; empty says that there are none.
    package var accelerators: [String]?
    package var labels: [String: String] = [:]
    package var location: Location?
    /// What a core costs in an hour, in whatever currency the operator counts.
    package var price: Double?
    /// Grams of CO2 equivalent per kilowatt-hour.
    package var carbon: Double?
    package var speed: SpeedProfile?

    /// Says nothing.
    package init() {}

    /// What this says, and what `other` says of the rest; labels of both.
    package func over(_ other: NodeProfile) -> NodeProfile {
        var merged = self
        merged.deviceClass = deviceClass ?? other.deviceClass
        merged.cores = cores ?? other.cores
        merged.memory = memory ?? other.memory
        merged.architecture = architecture ?? other.architecture
        merged.accelerators = accelerators ?? other.accelerators
        merged.labels = labels.merging(other.labels) { mine, _ in mine }
        merged.location = location ?? other.location
        merged.price = price ?? other.price
        merged.carbon = carbon ?? other.carbon
        merged.speed = speed ?? other.speed
        return merged
    }

    /// The node that this describes; what is not said here is as `probed` found it.
    package func description(
        name: NodeName,
        tier: Tier,
        site: Site?,
        power: PowerRating,
        probed: NodeProfile = MachineProbe().profile
    ) -> NodeDescription {
        let whole = over(probed)
        return NodeDescription(
            name: name,
            tier: tier,
            site: site,
            cores: whole.cores ?? 1,
            memory: whole.memory ?? ByteSize(bytes: 0),
            architecture: whole.architecture ?? "unknown",
            deviceClass: whole.deviceClass ?? .generic,
            accelerators: whole.accelerators ?? [],
            labels: whole.labels,
            location: whole.location,
            power: power,
            pricePerCoreHour: whole.price ?? 0,
            carbonIntensity: whole.carbon ?? 0,
            speed: whole.speed
        )
    }
}
