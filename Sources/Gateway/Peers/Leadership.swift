package import Continuum
package import Domain

/// Who takes changes of functions, weights and access on a continuum: the node that founded it.
///
/// One writer keeps their order without an election; every other node holds a copy, so that calls need nobody's leave.
package enum Leadership: Sendable, Equatable {
    /// There is no continuum: this node takes changes for itself.
    case alone
    /// This node takes the changes of all.
    case founder
    /// That node does, at the address of its peer interface as far as that is known.
    case follower(of: NodeName, at: PeerAddress?)

    /// The founder's name, where this node is called `own`.
    package func founder(or own: NodeName) -> NodeName {
        if case .follower(let founder, _) = self { return founder }
        return own
    }

    package var isLeading: Bool {
        if case .follower = self { return false }
        return true
    }
}
