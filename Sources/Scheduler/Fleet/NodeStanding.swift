/// Whether a node gets calls, as a decision saw it.
enum NodeStanding: Hashable, Sendable {
    case available
    /// It loses so many calls that it gets them only where there is no other; `share` of them, 0 to 1.
    case failing(share: Double)
    case unavailable(reason: String)

    /// What is added to scores: infinite where the node takes no calls.
    var closed: Float {
        if case .unavailable = self { return .infinity }
        return 0
    }

    /// What is added to scores where there are other nodes: beyond all scores where it fails often.
    var failing: Float { isFailing ? Lanes.beyond : 0 }

    var isFailing: Bool {
        if case .failing = self { return true }
        return false
    }
}
