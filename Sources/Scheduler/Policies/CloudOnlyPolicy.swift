import Domain

/// The nearest in time of the nodes of tier `cloud`; none where there is none.
struct CloudOnlyPolicy: PlacementPolicy {
    static let kind = PolicyKind.cloudOnly
    private static let cloud: Float = 2

    static func objection(to node: NodeDescription, isLocal: Bool) -> String? {
        node.tier.text == "cloud" ? nil : "its tier is \(node.tier), and policy cloud-only uses the tier cloud alone"
    }

    func pick(from field: borrowing Field, using random: inout SplitMix64) -> Pick {
        field.pickLeast(
            { field.candidates($0).latency },
            where: { field.eligible($0) * field.nodes[$0].tier.isEqual(to: Self.cloud) },
            using: &random
        )
    }
}
