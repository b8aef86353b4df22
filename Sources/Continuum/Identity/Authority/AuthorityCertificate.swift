import Crypto
package import Domain
import SwiftASN1
import X509

/// The certificate of a continuum's authority, without its key: the only thing that nodes trust.
package struct AuthorityCertificate: Hashable, Sendable {
    /// Longest text that is looked at.
    static let maximumPEMLength = 16 * 1024
    /// What the common name of a continuum's authority begins with.
    static let commonNamePrefix = "godwit continuum "

    let certificate: Certificate
    /// PEM text of the certificate.
    package let pem: String
    /// SHA-256 of the certificate's DER, in lower-case hexadecimal: what join tokens carry.
    package let fingerprint: String
    /// The continuum's id: random, made with its authority.
    package let continuum: String

    /// Takes PEM text; throws when it is not the self-signed certificate of a continuum's authority.
    package init(pem: String) throws(IdentityError) {
        guard pem.utf8.count <= Self.maximumPEMLength, let certificate = try? Certificate(pemEncoded: pem) else {
            throw IdentityError(
                .unreadable,
                "the continuum's certificate is not one certificate in PEM",
                advice: "copy the file again, with its BEGIN CERTIFICATE and END CERTIFICATE lines"
            )
        }
        try self.init(certificate)
    }

    init(_ certificate: Certificate) throws(IdentityError) {
        guard let continuum = Self.continuum(of: certificate), Self.isAuthority(certificate) else {
            throw IdentityError(
                .notAuthority,
                "the certificate is not that of a godwit continuum's authority",
                advice: "use the certificate that the founding node made"
            )
        }
        do {
            let document = try certificate.serializeAsPEM()
            self.pem = document.pemString
            self.fingerprint = Hex.text(SHA256.hash(data: document.derBytes))
        } catch {
            throw IdentityError(
                .unreadable,
                "the continuum's certificate cannot be written as PEM",
                advice: "use the certificate that the founding node made"
            )
        }
        self.certificate = certificate
        self.continuum = continuum
    }

    /// When it stops being valid; then the continuum needs a new authority.
    package var notAfter: Timestamp { Timestamp(certificate.notValidAfter) }

    /// Checks the signature on a certificate; throws when another authority made it, or when it was changed since.
    func checkIssued(_ leaf: Certificate) throws(IdentityError) {
        guard leaf.issuer == certificate.subject, certificate.publicKey.isValidSignature(leaf.signature, for: leaf)
        else {
            throw IdentityError(
                .wrongAuthority,
                "the certificate was not issued by continuum \(continuum)",
                advice: "join this continuum again, with a token of one of its nodes"
            )
        }
    }

    /// Checks the authority's own time.
    func checkTime(at now: Timestamp) throws(IdentityError) {
        guard now >= Timestamp(certificate.notValidBefore) else {
            throw IdentityError(
                .notYetValid,
                "continuum \(continuum) begins on \(Timestamp(certificate.notValidBefore)), and it is \(now) here",
                advice: "set this machine's clock"
            )
        }
        guard now < notAfter else {
            throw IdentityError(
                .expired,
                "the authority of continuum \(continuum) expired on \(notAfter)",
                advice: "found a new continuum and let its nodes join that"
            )
        }
    }

    private static func continuum(of certificate: Certificate) -> String? {
        guard let attribute = certificate.subject.first?.first, attribute.type == .RDNAttributeType.commonName,
            let name = String(attribute.value), name.hasPrefix(commonNamePrefix)
        else { return nil }
        let id = String(name.dropFirst(commonNamePrefix.count))
        guard (try? Label.check(id, kind: "continuum")) != nil,
            certificate.subject == (try? DistinguishedName { CommonName(name) })
        else { return nil }
        return id
    }

    /// Whether it is self-signed and may sign others' certificates, but no further authority's.
    private static func isAuthority(_ certificate: Certificate) -> Bool {
        guard certificate.version == .v3, certificate.issuer == certificate.subject,
            P256.Signing.PublicKey(certificate.publicKey) != nil,
            let constraints = try? certificate.extensions.basicConstraints,
            constraints == .isCertificateAuthority(maxPathLength: 0),
            let usage = try? certificate.extensions.keyUsage, usage.keyCertSign
        else { return false }
        return certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
    }
}
