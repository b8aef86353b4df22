import Domain

/// The node that passed a call on, as its certificate names it.
struct PeerOrigin: Sendable, Equatable {
    let node: NodeName
    let site: Site?
}
