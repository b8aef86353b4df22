import Crypto
package import Domain
import SwiftASN1
import X509

/// Who is at the other end of a connection, as the continuum's authority wrote it into the certificate.
///
/// It says what a certificate says, and is made of certificates that TLS has verified. A resumed TLS session is not
/// verified again, so ask ``isCurrent(at:)`` and ``Revocations/isRevoked(_:)`` for each connection.
package struct PeerCertificate: Hashable, Sendable, CustomStringConvertible {
    private static let maximumLength = 8 * 1024

    /// The node's name.
    package let name: NodeName
    /// The tier that the authority put the node in.
    package let tier: Tier
    /// The site that the node stands at; nil when it has none.
    package let site: Site?
    /// The serial number, in lower-case hexadecimal.
    package let serial: String
    /// The first moment at which it is valid.
    package let notBefore: Timestamp
    /// The first moment at which it is no longer valid.
    package let notAfter: Timestamp

    /// Parses the DER of a certificate, for example of `NIOSSLCertificate.toDERBytes()`; throws unless it is one of a
    /// node, exactly as ``ContinuumAuthority`` issues them.
    package init(der: [UInt8]) throws(IdentityError) {
        guard der.count <= Self.maximumLength, let certificate = try? Certificate(derEncoded: der) else {
            throw IdentityError(
                .unreadable,
                "the certificate is not one in DER",
                advice: "let the node join again"
            )
        }
        try self.init(certificate)
    }

    init(_ certificate: Certificate) throws(IdentityError) {
        let claims = try Self.claims(of: certificate)
        try Self.checkUse(of: certificate)
        self.name = claims.name
        self.tier = claims.tier
        self.site = claims.site
        self.serial = Hex.text(certificate.serialNumber.bytes)
        self.notBefore = Timestamp(certificate.notValidBefore)
        self.notAfter = Timestamp(certificate.notValidAfter)
    }

    /// When the authority made it, to the second.
    package var issued: Timestamp { notBefore.advanced(by: ContinuumAuthority.backdating) }

    /// Whether it is valid at that time.
    package func isCurrent(at now: Timestamp) -> Bool { notBefore <= now && now < notAfter }

    /// The node and its certificate's serial number.
    package var description: String {
        "\(name) (tier \(tier)" + (site.map { ", site \($0)" } ?? "") + ", certificate \(serial))"
    }

    /// What the one URI says; the host name and the common name have to say the same.
    private static func claims(of certificate: Certificate) throws(IdentityError) -> NodeClaims {
        guard let names = try? certificate.extensions.subjectAlternativeNames else {
            throw bad("has no alternative names")
        }
        let uris = names.compactMap { name in
            if case .uniformResourceIdentifier(let text) = name { text } else { nil }
        }
        guard let uri = uris.first, uris.count == 1 else {
            throw bad("has \(uris.count) URIs where a node's has one")
        }
        guard let claims = NodeClaims(uri: uri) else {
            throw bad("has the URI '\(Printable.text(uri))', which is not like godwit://node/NAME?tier=TIER&site=SITE")
        }
        guard names.count == 2, names.contains(.dnsName(claims.name.hostName)) else {
            throw bad("names \(claims.name) in its URI and other hosts beside")
        }
        guard certificate.subject == (try? DistinguishedName { CommonName(claims.name.text) }) else {
            throw bad("names \(claims.name) in its URI and another in its subject")
        }
        return claims
    }

    /// Whether it is for a node's key, for both ends of a connection, and for nothing else.
    private static func checkUse(of certificate: Certificate) throws(IdentityError) {
        let understood: Set<ASN1ObjectIdentifier> = [.X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage]
        guard certificate.version == .v3, P256.Signing.PublicKey(certificate.publicKey) != nil else {
            throw bad("is not one of version 3 for a P-256 key")
        }
        guard let constraints = try? certificate.extensions.basicConstraints, constraints == .notCertificateAuthority
        else {
            throw bad("does not say that it is no authority's")
        }
        guard let usage = try? certificate.extensions.keyUsage, usage == KeyUsage(digitalSignature: true),
            let purposes = try? certificate.extensions.extendedKeyUsage, purposes.count == 2,
            purposes.contains(.serverAuth), purposes.contains(.clientAuth)
        else {
            throw bad("is not for signing at both ends of a connection and nothing else")
        }
        guard certificate.extensions.allSatisfy({ !$0.critical || understood.contains($0.oid) }) else {
            throw bad("has a critical extension that nodes do not have")
        }
    }

    private static func bad(_ reason: String) -> IdentityError {
        IdentityError(.badCertificate, "the certificate \(reason)", advice: "let the node join again")
    }
}
