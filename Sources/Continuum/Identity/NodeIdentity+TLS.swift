import NIOCore
package import NIOSSL

extension NodeIdentity {
    /// The settings of the peer interface: TLS 1.3, and no one but nodes of this continuum may show a certificate.
    ///
    /// A client without any certificate connects too, because joining has to be possible; whatever else is served has to
    /// ask for the connection's ``PeerCertificate``. A certificate that is shown is always verified.
    package func serverConfiguration() throws(IdentityError) -> TLSConfiguration {
        let (leaf, key) = try credentials()
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: [leaf], privateKey: key)
        try Self.restrict(&configuration, to: authority)
        configuration.certificateVerification = .optionalVerification
        return configuration
    }

    /// The settings for calls to peers: TLS 1.3, this node's certificate, and full verification.
    ///
    /// The host name to verify is the peer's `NodeName.hostName`, not the address that is connected to.
    package func clientConfiguration() throws(IdentityError) -> TLSConfiguration {
        let (leaf, key) = try credentials()
        var configuration = try Self.joiningConfiguration(authority: authority)
        configuration.certificateChain = [leaf]
        configuration.privateKey = key
        return configuration
    }

    /// The settings for joining: no certificate of one's own, and full verification against this authority alone.
    package static func joiningConfiguration(authority: AuthorityCertificate) throws(IdentityError) -> TLSConfiguration
    {
        var configuration = TLSConfiguration.makeClientConfiguration()
        try restrict(&configuration, to: authority)
        configuration.certificateVerification = .fullVerification
        return configuration
    }

    /// The settings for fetching the authority's certificate, which is then held against a join token's fingerprint.
    ///
    /// They verify nothing: send no secret over such a connection, and believe nothing else that comes over it.
    package static func probingConfiguration() -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.minimumTLSVersion = .tlsv13
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }

    private static func restrict(
        _ configuration: inout TLSConfiguration,
        to authority: AuthorityCertificate
    ) throws(IdentityError) {
        do {
            let root = try NIOSSLCertificate(bytes: Array(authority.pem.utf8), format: .pem)
            configuration.trustRoots = .certificates([root])
        } catch {
            throw unusable("the authority's certificate")
        }
        configuration.minimumTLSVersion = .tlsv13
        configuration.applicationProtocols = ["http/1.1"]
        // A node that stops must not wait long for the farewells of its peers.
        configuration.shutdownTimeout = .milliseconds(250)
    }

    private func credentials() throws(IdentityError) -> (NIOSSLCertificateSource, NIOSSLPrivateKeySource) {
        do {
            let leaf = try NIOSSLCertificate(bytes: Array(certificatePEM.utf8), format: .pem)
            let privateKey = try NIOSSLPrivateKey(bytes: Array(keyPEM.utf8), format: .pem)
            return (.certificate(leaf), .privateKey(privateKey))
        } catch {
            throw Self.unusable("the node's certificate or key")
        }
    }

    private static func unusable(_ what: String) -> IdentityError {
        IdentityError(.unreadable, "TLS cannot use \(what)", advice: "join again with a new token")
    }
}
