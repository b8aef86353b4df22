import Commands
package import Domain

/// Writes a node's configuration with its comments, as `godwit up --config` takes it.
package struct ConfigurationText: Sendable {
    package let name: NodeName
    package let tier: Tier
    package let site: Site?
    /// A built-in power curve by its name; nil where none is known to fit.
    package let powerPreset: String?
    /// Whether, and how, energy is measured.
    package let energy: String
    package let profile: NodeProfile

    package init(
        name: NodeName,
        tier: Tier,
        site: Site?,
        powerPreset: String?,
        energy: String,
        profile: NodeProfile
    ) {
        self.name = name
        self.tier = tier
        self.site = site
        self.powerPreset = powerPreset
        self.energy = energy
        self.profile = profile
    }

    /// The file.
    package var text: String { (head + power + node).joined(separator: "\n") + "\n" }

    private var head: [String] {
        [
            "# The configuration of a Godwit node, written by `godwit init`. Start it with:",
            "#   godwit up --config FILE",
            "# What is commented out is not set.", "",
            "# Unique among the nodes that work together.", "name: \(Self.quoted(name.text))",
            "# Where it stands in the continuum: edge, cloud, or a name of your own.",
            "tier: \(Self.quoted(tier.text))",
            site.map { "site: \(Self.quoted($0.text))" } ?? "# site: \"greenhouse\"", "",
        ]
    }

    private var power: [String] {
        let lines = ["# What the machine draws. \(Self.oneLine(energy))"]
        guard let powerPreset else {
            return lines + [
                "# No built-in curve fits this machine: give its own numbers, at rest and with all cores busy.",
                "# energy:", "#   idleWatts: 3", "#   maxWatts: 7", "",
            ]
        }
        return lines + [
            "# A built-in curve by its name; better are idleWatts and maxWatts, measured at the plug.", "energy:",
            "  preset: \(Self.quoted(powerPreset))", "",
        ]
    }

    private var node: [String] {
        [
            "# What the machine is: placement predicts from it how long calls take here and what they draw.", "node:",
            "  # Nodes of one class are taken to run a function equally fast.",
            line("class", profile.deviceClass.map { Self.quoted($0.text) }, example: "\"raspberry-pi-4\""),
            line("cores", profile.cores.map(String.init), example: "4"),
            line("memory", profile.memory.map { Self.quoted($0.text) }, example: "\"4GiB\""),
            line("architecture", profile.architecture.map(Self.quoted), example: "\"aarch64\""),
            line(
                "accelerators",
                profile.accelerators.map { "[\($0.map(Self.quoted).joined(separator: ", "))]" },
                example: "[\"coral-tpu\"]"
            ),
            "  # Whatever else you want to say of it.", line("labels", labels, example: "{rack: \"3\"}"),
            "  # Degrees north and east.",
            line(
                "location",
                profile.location.map { "{latitude: \($0.latitude), longitude: \($0.longitude)}" },
                example: "{latitude: 52.52, longitude: 13.4}"
            ),
            "  # What a core costs in an hour, in the currency that all your nodes count in.",
            line("price", profile.price.map { "\($0)" }, example: "0.04"),
            "  # Grams of CO2 equivalent per kilowatt-hour of its power.",
            line("carbon", profile.carbon.map { "\($0)" }, example: "350"),
        ] + speed
    }

    private var speed: [String] {
        let comment =
            "  # Measured on one core: millions of operations a second, and megabytes copied and hashed a second."
        guard let speed = profile.speed else { return [comment, "  # speed: measured by `godwit init`"] }
        return [
            comment, "  speed:", "    integer: \(speed.integer)", "    floating: \(speed.floating)",
            "    memory: \(speed.memory)", "    hashing: \(speed.hashing)",
        ]
    }

    private var labels: String? {
        guard !profile.labels.isEmpty else { return nil }
        let pairs = profile.labels.sorted { $0.key < $1.key }.map {
            "\(Self.quoted($0.key)): \(Self.quoted($0.value))"
        }
        return "{\(pairs.joined(separator: ", "))}"
    }

    private func line(_ key: String, _ value: String?, example: String) -> String {
        value.map { "  \(key): \($0)" } ?? "  # \(key): \(example)"
    }

    /// A text in double quotes: `null` and `1e3` are names too.
    private static func quoted(_ text: String) -> String {
        "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
