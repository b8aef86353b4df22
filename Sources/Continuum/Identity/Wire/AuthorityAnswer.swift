package import Domain

/// What anyone may ask of a node's peer interface: whose it is.
///
/// A node that joins fetches it without verifying anything, holds the certificate against its token's fingerprint, and
/// then connects again, verifying this name.
package struct AuthorityAnswer: Hashable, Sendable, Codable {
    /// The name of the node that answers.
    package let name: NodeName
    /// The authority's certificate, as PEM.
    package let authority: String

    /// An answer to whoever asks.
    package init(name: NodeName, authority: String) {
        self.name = name
        self.authority = authority
    }
}
