package import Domain

/// What a node knows of all nodes and functions, and where it places calls with that.
///
/// A value that one owner holds and tells of nodes, loads, links, begun and ended calls; it does no I/O and knows no clock
/// but the times it is given. ``decide(_:using:)`` scores all candidates in columns of four and allocates nothing but the
/// record it returns; what is learned from ended calls is written into the columns where it changes them.
package struct Placer: Sendable {
    /// Versions of one function that are remembered.
    static let versionLimit = 4
    /// Blocks of four candidates that all functions' columns may have together (of 128 bytes each).
    static let blockLimit = 131_072

    /// How placement is done; takes effect with the next decision.
    package var settings: PlacementSettings

    // Nodes, the deciding one first: by number in the fleet.
    var descriptions: [NodeDescription] = []
    var nodes: [NodeState] = []
    var blocks: [NodeBlock] = []
    var standings: [NodeStanding] = []
    var slots: [NodeName: Int] = [:]
    /// The nodes as decisions refer to them; nil when they have changed since the last one.
    var fleet: Fleet?
    var nextKey: UInt32 = 0

    var shared = SharedModels()
    var functions: [FunctionState] = []
    var digests: [Digest: Int] = [:]
    var weights: WeightRevision?
    var decisions: UInt64 = 0
    /// When nodes that fail are to be looked at again.
    var nextRevival = UInt64.max
    var scratch = Scratch()

    /// A placer for the node that decides, which is a candidate itself.
    package init(local: NodeDescription, settings: PlacementSettings = PlacementSettings()) {
        self.settings = settings
        update(local)
    }

    /// Takes the weights that hold from now on.
    package mutating func setWeights(_ revision: WeightRevision) {
        weights = revision
        for index in functions.indices { functions[index].weights = nil }
    }

    /// Forgets what is known of a function, all its versions.
    package mutating func forget(_ function: FunctionName) {
        for index in functions.indices where functions[index].spec.name == function { forget(at: index) }
    }

    /// Own calls that are on a node.
    package func inFlight(on node: NodeName) -> Int { slots[node].map { nodes[$0].inFlight } ?? 0 }

    /// Nodes known, the deciding one with them.
    package var nodeCount: Int { nodes.count }

    mutating func forget(at index: Int) {
        digests[functions[index].profile.version.digest] = nil
        functions[index].isForgotten = true
        functions[index].dropColumns()
    }
}
