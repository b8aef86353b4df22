/// How another node is: the label `state`.
package enum PeerState: Int, LabelValue {
    case ready
    case draining
    /// It has not answered for a while.
    case suspect
    case dead
    /// It was taken out of the continuum.
    case removed

    package var text: String {
        switch self {
        case .ready: "ready"
        case .draining: "draining"
        case .suspect: "suspect"
        case .dead: "dead"
        case .removed: "removed"
        }
    }
}
