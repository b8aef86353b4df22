package import Continuum
import NIOSSL

/// The settings of connections to peers, prepared once.
package struct PeerTLS: Sendable {
    /// For a node whose name is known: its certificate must be for that name.
    let named: NIOSSLContext
    /// For an address only: any node of this continuum may answer.
    let unnamed: NIOSSLContext

    package init(_ identity: NodeIdentity) throws {
        var configuration = try identity.clientConfiguration()
        self.named = try NIOSSLContext(configuration: configuration)
        configuration.certificateVerification = .noHostnameVerification
        self.unnamed = try NIOSSLContext(configuration: configuration)
    }
}
