import Crypto
package import Domain
import X509

/// The authority of a continuum: the key that makes nodes belong to it.
///
/// It is made by the node that founds the continuum. Whoever holds its key can make nodes of any name and tier, so the
/// key stays with those nodes that let others join.
package struct ContinuumAuthority: Sendable, CustomStringConvertible {
    /// How long a continuum lasts.
    package static let lifetime = TimeSpan.hours(10 * 365 * 24)

    /// Its certificate, which every node of the continuum has.
    package let certificate: AuthorityCertificate
    let key: P256.Signing.PrivateKey

    /// Makes the authority of a new continuum, with an id and a key of its own.
    package static func make(at now: Timestamp) throws(IdentityError) -> ContinuumAuthority {
        var random = SystemRandomNumberGenerator()
        let id = Hex.text((0..<8).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        let key = P256.Signing.PrivateKey()
        let made: Certificate
        do {
            let subject = try DistinguishedName { CommonName(AuthorityCertificate.commonNamePrefix + id) }
            let identifier = SubjectKeyIdentifier(hash: Certificate.PublicKey(key.publicKey))
            made = try Certificate(
                version: .v3,
                serialNumber: .random(),
                publicKey: Certificate.PublicKey(key.publicKey),
                notValidBefore: now.advanced(by: .hours(-24)).inCertificate,
                notValidAfter: now.advanced(by: lifetime).inCertificate,
                issuer: subject,
                subject: subject,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                    Critical(KeyUsage(digitalSignature: true, keyCertSign: true, cRLSign: true))
                    identifier
                },
                issuerPrivateKey: Certificate.PrivateKey(key)
            )
        } catch {
            throw IdentityError(
                .notAuthority,
                "a continuum cannot begin on \(now)",
                advice: "set this machine's clock"
            )
        }
        return ContinuumAuthority(certificate: try AuthorityCertificate(made), key: key)
    }

    private init(certificate: AuthorityCertificate, key: P256.Signing.PrivateKey) {
        self.certificate = certificate
        self.key = key
    }

    /// Takes what a founding node kept; throws when the two do not belong together.
    package init(certificate: String, key: String) throws(IdentityError) {
        let certificate = try AuthorityCertificate(pem: certificate)
        guard let key = try? P256.Signing.PrivateKey(pemRepresentation: key) else {
            throw IdentityError(
                .unreadable,
                "the continuum's key is not a P-256 private key in PEM",
                advice: "restore the file that the founding node made"
            )
        }
        guard certificate.certificate.publicKey == Certificate.PublicKey(key.publicKey) else {
            throw IdentityError(
                .keyMismatch,
                "the key does not belong to the certificate of continuum \(certificate.continuum)",
                advice: "restore both files from the same founding node"
            )
        }
        self.init(certificate: certificate, key: key)
    }

    /// PEM text of the certificate.
    package var certificatePEM: String { certificate.pem }
    /// PEM text of the private key: a secret.
    package var keyPEM: String { key.pemRepresentation }
    /// SHA-256 of the certificate's DER, in lower-case hexadecimal.
    package var fingerprint: String { certificate.fingerprint }
    /// Names the continuum, and leaves out the key.
    package var description: String { "authority of continuum \(certificate.continuum)" }
}
