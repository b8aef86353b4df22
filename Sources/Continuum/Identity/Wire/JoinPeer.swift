package import Domain

/// A node of the continuum as one that joins is told of it.
package struct JoinPeer: Hashable, Sendable, Codable {
    /// Its name, whose host name to verify.
    package let name: NodeName
    /// `https://HOST:PORT` of its peer interface.
    package let address: String

    /// A node and where to find it.
    package init(name: NodeName, address: String) {
        self.name = name
        self.address = address
    }
}
