import Domain
import Scheduler

/// Nodes and functions to place calls with: different in tier, size, device class, power, link and load.
struct SampleContinuum {
    /// The deciding node first.
    let nodes: [NodeDescription]
    let functions: [FunctionVersion]

    init(nodes nodeCount: Int, functions functionCount: Int) throws {
        self.nodes = try (0..<nodeCount).map(Self.node)
        self.functions = try (0..<functionCount).map(Self.function)
    }

    /// A placer on the first node that knows all of the others, and the way to each.
    func placer(using generator: inout SplitMix64) -> Placer {
        var placer = Placer(local: nodes[0])
        for node in nodes.dropFirst() {
            placer.update(node)
            placer.measured(
                LinkEstimate(roundTripMilliseconds: 1 + 79 * generator.unit(), bytesPerMillisecond: 10_000),
                to: node.name
            )
        }
        return placer
    }

    /// Tells a placer how busy the other nodes are, as their heartbeats do.
    func reportLoads(to placer: inout Placer, at nanoseconds: UInt64, using generator: inout SplitMix64) {
        for node in nodes.dropFirst() {
            let load = NodeLoad(busy: generator.index(below: 7))
            placer.report(load, from: node.name, warm: [:], at: nanoseconds)
        }
    }

    private static func node(_ index: Int) throws -> NodeDescription {
        NodeDescription(
            name: try NodeName("node-\(index)"),
            tier: try Tier(index.isMultiple(of: 3) ? "edge" : "cloud"),
            site: nil,
            cores: 1 + index % 8,
            memory: .gibibytes(4),
            architecture: "x86_64",
            deviceClass: try DeviceClass("class-\(index % 5)"),
            power: .init(idleWatts: 2, maxWatts: Double(5 + index % 40)),
            pricePerCoreHour: 0.01,
            carbonIntensity: 300
        )
    }

    /// Every other function has an objective.
    private static func function(_ index: Int) throws -> FunctionVersion {
        let objective = index.isMultiple(of: 2) ? Objective(latency: .milliseconds(100)) : nil
        return FunctionVersion(
            number: .first,
            digest: try Digest(String(repeating: "0", count: 60) + String(1000 + index)),
            spec: FunctionSpec(
                name: try FunctionName("function-\(index)"),
                runtime: .swift,
                handler: "handler",
                objective: objective
            ),
            bundleSize: 1,
            published: Timestamp(microseconds: 0)
        )
    }
}
