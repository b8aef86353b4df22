/// What a node is and where it stands.
package struct NodeDescription: Hashable, Sendable, Codable {
    package let name: NodeName
    package let tier: Tier
    package let site: Site?
    /// Logical cores that functions may use.
    package let cores: Int
    package let memory: ByteSize
    /// `x86_64`, `aarch64`.
    package let architecture: String
    /// What kind of machine it is.
    ///
    /// Nodes of one class are taken to run a function equally fast, so that what is learned on one is known of all.
    package let deviceClass: DeviceClass
    /// Names of accelerators, for example `coral-tpu`.
    package let accelerators: [String]
    /// What else an operator says about it.
    package let labels: [String: String]
    package let location: Location?
    package let power: PowerRating
    /// What a core costs in an hour, in whatever currency the operator counts.
    package let pricePerCoreHour: Double
    /// Carbon intensity of its power, in grams of CO2 equivalent per kilowatt-hour.
    package let carbonIntensity: Double
    /// What its micro-benchmark measured; nil when none was run.
    package let speed: SpeedProfile?

    package init(
        name: NodeName,
        tier: Tier,
        site: Site?,
        cores: Int,
        memory: ByteSize,
        architecture: String,
        deviceClass: DeviceClass = .generic,
        accelerators: [String] = [],
        labels: [String: String] = [:],
        location: Location? = nil,
        power: PowerRating = .init(idleWatts: 0, maxWatts: 0),
        pricePerCoreHour: Double = 0,
        carbonIntensity: Double = 0,
        speed: SpeedProfile? = nil
    ) {
        self.name = name
        self.tier = tier
        self.site = site
        self.cores = cores
        self.memory = memory
        self.architecture = architecture
        self.deviceClass = deviceClass
        self.accelerators = accelerators
        self.labels = labels
        self.location = location
        self.power = power
        self.pricePerCoreHour = pricePerCoreHour
        self.carbonIntensity = carbonIntensity
        self.speed = speed
    }

    /// Dynamic power of one busy core, in watts.
    package var wattsPerCore: Double { max(0, power.maxWatts - power.idleWatts) / Double(max(1, cores)) }
}
