package import Domain

/// One question whether a peer is there: a request that carries our gossip and is answered with that of the peer.
///
/// The shell sends it and hands it back with the outcome.
package struct Probe: Hashable, Sendable {
    /// Whom to ask: `https://HOST:PORT`.
    package let address: String
    /// Who must answer there; nil where only an address was configured, and any member may.
    package let name: NodeName?
    /// Tells it from the other probes of this node.
    package let number: UInt64

    /// Makes one; only a membership does, and tests.
    package init(address: String, name: NodeName?, number: UInt64) {
        self.address = address
        self.name = name
        self.number = number
    }
}
