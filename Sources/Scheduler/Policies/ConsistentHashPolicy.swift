import Domain

/// The node that the function's hash names, or the next while it is loaded beyond its share.
///
/// Nodes are in the order of rendezvous hashing (Thaler and Ravishankar 1998): that of hash(function, node), which changes
/// for no pair when a node comes or goes. A node is passed over while it has more than (1 + ε) times its share of all
/// calls by its cores, ε = 0.25 (consistent hashing with bounded loads; Mirrokni, Thorup and Zadimoghaddam 2018).
struct ConsistentHashPolicy: PlacementPolicy {
    static let kind = PolicyKind.consistentHash
    static let slack = 0.25

    /// All nodes, the function's first choice first.
    let order: [Int32]

    func pick(from field: borrowing Field, using random: inout SplitMix64) -> Pick {
        var calls = 1.0
        var cores = 0.0
        for slot in order {
            let (block, lane) = (Int(slot) >> 2, Int(slot) & 3)
            guard field.scores[block][lane] < Lanes.beyond else { continue }
            calls += Double(field.nodes[block].active[lane])
            cores += Double(field.nodes[block].cores[lane])
        }
        var fallback: Int?
        for slot in order {
            let (block, lane) = (Int(slot) >> 2, Int(slot) & 3)
            guard field.scores[block][lane] < Lanes.beyond else { continue }
            fallback = fallback ?? Int(slot)
            let share = Double(field.nodes[block].cores[lane]) / cores
            let capacity = ((1 + Self.slack) * calls * share).rounded(.up)
            if Double(field.nodes[block].active[lane]) + 1 <= capacity { return Pick(slot: Int(slot), propensity: 1) }
        }
        return fallback.map { Pick(slot: $0, propensity: 1) } ?? .none
    }

    /// The order of nodes for a function.
    static func order(of nodes: [NodeDescription], for function: FunctionName) -> [Int32] {
        let seed = hash(function.text)
        return nodes.map { SplitMix64.mix(hash($0.name.text) ^ seed) }
            .enumerated()
            .sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }
            .map { Int32($0.offset) }
    }

    /// FNV-1a (Fowler, Noll and Vo), 64 bits: the same on all nodes, unlike `Hasher`.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
