import Crypto
package import Domain
import SwiftASN1
import X509

/// Who this node is: its key, its certificate, and the authority that issued it.
package struct NodeIdentity: Sendable, CustomStringConvertible {
    /// The node's private key.
    package let key: NodeKey
    /// PEM text of the node's certificate.
    package let certificatePEM: String
    /// The certificate of the continuum's authority.
    package let authority: AuthorityCertificate
    /// What the node's certificate says, as its peers read it.
    package let certificate: PeerCertificate

    /// Takes what the node kept, as PEM; throws when the parts do not belong together, or not to this time.
    package init(key: String, certificate: String, authority: String, at now: Timestamp) throws(IdentityError) {
        let authority = try AuthorityCertificate(pem: authority)
        let key = try NodeKey(pem: key)
        guard certificate.utf8.count <= AuthorityCertificate.maximumPEMLength,
            let parsed = try? Certificate(pemEncoded: certificate), let text = try? parsed.serializeAsPEM().pemString
        else {
            throw IdentityError(
                .unreadable,
                "the node's certificate is not one certificate in PEM",
                advice: "join again, which fetches a new one"
            )
        }
        try authority.checkIssued(parsed)
        let certificate = try PeerCertificate(parsed)
        guard parsed.publicKey == Certificate.PublicKey(key.key.publicKey) else {
            throw IdentityError(
                .keyMismatch,
                "the node's key does not belong to its certificate",
                advice: "restore both files together, or join again"
            )
        }
        guard now >= certificate.notBefore else {
            throw IdentityError(
                .notYetValid,
                "the certificate of \(certificate.name) begins on \(certificate.notBefore), and it is \(now) here",
                advice: "set this machine's clock"
            )
        }
        guard now < certificate.notAfter else {
            throw IdentityError(
                .expired,
                "the certificate of \(certificate.name) expired on \(certificate.notAfter)",
                advice: "join again with a new token"
            )
        }
        try authority.checkTime(at: now)
        self.key = key
        self.certificatePEM = text
        self.authority = authority
        self.certificate = certificate
    }

    /// The node's name.
    package var name: NodeName { certificate.name }
    /// The tier that the node belongs to.
    package var tier: Tier { certificate.tier }
    /// The site that the node stands at; nil when it has none.
    package var site: Site? { certificate.site }
    /// The certificate's serial number, in lower-case hexadecimal.
    package var serial: String { certificate.serial }
    /// The first moment at which the certificate is no longer valid.
    package var notAfter: Timestamp { certificate.notAfter }
    /// PEM text of the private key: a secret.
    package var keyPEM: String { key.pem }
    /// PEM text of the authority's certificate.
    package var authorityPEM: String { authority.pem }

    /// Whether two thirds of the certificate's life, counted from its making, are over.
    package func renewalDue(at now: Timestamp) -> Bool {
        let life = certificate.notAfter.since(certificate.issued)
        return now >= certificate.issued.advanced(by: TimeSpan(microseconds: life.microseconds / 3 * 2))
    }

    /// Names the node, and leaves out the key.
    package var description: String { "identity of \(certificate)" }
}
