import Domain

/// The nodes as they were at some moment, the deciding one first: what decisions refer to by number.
///
/// Immutable and shared by all decisions until a node comes, goes or changes.
final class Fleet: Sendable {
    let nodes: [NodeDescription]
    let standings: [NodeStanding]

    init(nodes: [NodeDescription], standings: [NodeStanding]) {
        self.nodes = nodes
        self.standings = standings
    }

    /// The number of a node; nil when it was not there.
    func slot(of name: NodeName) -> Int? { nodes.firstIndex { $0.name == name } }
}
