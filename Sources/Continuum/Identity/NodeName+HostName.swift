package import Domain

extension NodeName {
    /// The name that the node's certificate carries, and that its peers expect of it: `NAME.node.godwit.internal`.
    ///
    /// It resolves nowhere. A caller connects to the node's address and verifies this name instead of the address.
    package var hostName: String { "\(text).node.godwit.internal" }
}
