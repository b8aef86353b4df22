import Domain

/// Nodes for people.
enum NodesText {
    /// A line for each node.
    static func table(_ nodes: [NodeStatus], now: Timestamp) -> [String] {
        var table = Table(
            "NAME",
            "TIER",
            "SITE",
            "STATE",
            ">CORES",
            ">BUSY",
            ">IDLE",
            ">QUEUED",
            ">CPU",
            ">W",
            ">RTT",
            ">PLACED",
            "SEEN"
        )
        for status in nodes {
            table.add(
                status.node.name.text,
                status.node.tier.text,
                status.node.site?.text ?? "",
                state(status),
                "\(status.node.cores)",
                "\(status.instances["busy"] ?? 0)",
                "\(status.instances["idle"] ?? 0)",
                "\(status.queued)",
                Human.percent(status.utilisation),
                Human.decimal(status.watts, 1),
                status.link.map { $0.fastMilliseconds.map(Human.milliseconds) ?? "" } ?? "here",
                "\(status.placed)",
                Human.distance(to: status.seen, from: now)
            )
        }
        return table.lines
    }

    /// The state, and why where that is not the usual one.
    static func state(_ status: NodeStatus) -> String {
        status.state == "ready" || status.detail.isEmpty ? status.state : "\(status.state) (\(status.detail))"
    }

    /// All that is known of a node, but for its sandbox.
    static func facts(_ status: NodeStatus, now: Timestamp) -> [String] {
        let node = status.node
        let instances = ["busy", "idle", "starting"].map { "\(status.instances[$0] ?? 0) \($0)" }
        return Facts.lines(
            [
                ("name", node.name.text), ("tier", node.tier.text), ("site", node.site?.text),
                ("state", status.detail.isEmpty ? status.state : "\(status.state): \(status.detail)"),
                ("seen", Human.distance(to: status.seen, from: now)),
                ("software", "\(status.software), up \(Human.duration(now.since(status.started)))"),
                ("instances", instances.joined(separator: ", ")), ("queued", "\(status.queued)"),
                ("cpu", "\(Human.percent(status.utilisation)) busy"),
                ("draws", "\(Human.decimal(status.watts, 2)) W (\(status.energyMethod))"),
                ("placed", "\(status.placed) calls since it started"),
            ] + machine(node) + link(status.link)
        )
    }

    /// The layers of its sandbox.
    static func sandbox(_ layers: [SandboxLayer]) -> [String] {
        guard !layers.isEmpty else { return [] }
        var table = Table("SANDBOX", "STATE", "DETAIL")
        for layer in layers {
            let remedy = layer.state == .present ? nil : layer.remedy
            table.add(layer.layer, layer.state.rawValue, remedy.map { "\(layer.detail) → \($0)" } ?? layer.detail)
        }
        return table.lines
    }

    private static func machine(_ node: NodeDescription) -> [(name: String, value: String?)] {
        let labels = node.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return [
            ("class", node.deviceClass.text), ("cores", "\(node.cores)"), ("memory", Human.bytes(node.memory.bytes)),
            ("architecture", node.architecture),
            ("accelerators", node.accelerators.isEmpty ? nil : node.accelerators.joined(separator: ", ")),
            ("labels", labels.isEmpty ? nil : labels.joined(separator: ", ")),
            ("location", node.location.map { "\($0.latitude)° north, \($0.longitude)° east" }),
            ("power", "\(Human.decimal(node.power.idleWatts, 2)) W idle to \(Human.decimal(node.power.maxWatts, 2)) W"),
            ("price", node.pricePerCoreHour > 0 ? "\(Human.small(node.pricePerCoreHour)) per core and hour" : nil),
            ("carbon", node.carbonIntensity > 0 ? "\(Human.decimal(node.carbonIntensity, 0)) g CO2e per kWh" : nil),
            ("speed", node.speed.map(speed)),
        ]
    }

    /// What its micro-benchmark measured.
    static func speed(_ speed: SpeedProfile) -> String {
        "integer \(Human.decimal(speed.integer, 0)) M/s, floating \(Human.decimal(speed.floating, 0)) M/s, "
            + "memory \(Human.decimal(speed.memory, 0)) MB/s, hashing \(Human.decimal(speed.hashing, 0)) MB/s"
    }

    private static func link(_ link: LinkStatus?) -> [(name: String, value: String?)] {
        guard let link else { return [("link", "this is the node that was asked")] }
        let fast = link.fastMilliseconds.map(Human.milliseconds)
        let slow = link.slowMilliseconds.map { "\(Human.milliseconds($0)) in the long run" }
        let times = [fast, slow].compactMap { $0 }
        return [
            ("link", link.address), ("rtt", times.isEmpty ? nil : times.joined(separator: ", ")),
            ("bandwidth", link.bandwidth.map { "\(Human.decimal($0, 1)) MB/s" }), ("breaker", link.breaker),
            ("in flight", "\(link.inFlight)"),
        ]
    }
}
