import Crypto
package import Domain
import SwiftASN1
import X509

extension ContinuumAuthority {
    /// How far before its making a certificate begins, so that peers whose clocks are slow take it at once.
    package static let backdating = TimeSpan.hours(1)

    /// How long the certificates of nodes are good; they are renewed after two thirds of that.
    package static let nodeLifetime = TimeSpan.hours(90 * 24)

    /// Issues a node's certificate, as PEM.
    ///
    /// The request gives the public key and proves that its sender has the private one. Everything else that it says
    /// (subject, names, extensions) is dropped: name, tier and site are what the caller of this method decided.
    /// The certificate ends with the authority at the latest.
    package func issue(
        request: String,
        name: NodeName,
        tier: Tier,
        site: Site?,
        at now: Timestamp,
        lifetime: TimeSpan
    ) throws(IdentityError) -> String {
        let publicKey = try Self.publicKey(of: request)
        try certificate.checkTime(at: now)
        guard lifetime >= .minutes(1), lifetime <= Self.lifetime else {
            throw IdentityError(
                .badRequest,
                "a certificate cannot last \(lifetime)",
                advice: "choose between a minute and ten years"
            )
        }
        let claims = NodeClaims(name: name, tier: tier, site: site)
        do {
            let authorityKey = SubjectKeyIdentifier(hash: certificate.certificate.publicKey).keyIdentifier
            let issued = try Certificate(
                version: .v3,
                serialNumber: .random(),
                publicKey: publicKey,
                notValidBefore: Timestamp(microseconds: now.microseconds - Self.backdating.microseconds).inCertificate,
                notValidAfter: min(now.advanced(by: lifetime), certificate.notAfter).inCertificate,
                issuer: certificate.certificate.subject,
                subject: try DistinguishedName { CommonName(name.text) },
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([.serverAuth, .clientAuth])
                    SubjectAlternativeNames([.dnsName(name.hostName), .uniformResourceIdentifier(claims.uri)])
                    SubjectKeyIdentifier(hash: publicKey)
                    AuthorityKeyIdentifier(keyIdentifier: authorityKey)
                },
                issuerPrivateKey: Certificate.PrivateKey(key)
            )
            return try issued.serializeAsPEM().pemString
        } catch {
            throw IdentityError(
                .badRequest,
                "a certificate for \(name) cannot be made on \(now)",
                advice: "set this machine's clock and try again"
            )
        }
    }

    /// Issues the next certificate of a node that has shown its present one: same name, tier and site.
    package func renew(
        _ present: PeerCertificate,
        request: String,
        at now: Timestamp,
        lifetime: TimeSpan
    ) throws(IdentityError) -> String {
        try issue(
            request: request,
            name: present.name,
            tier: present.tier,
            site: present.site,
            at: now,
            lifetime: lifetime
        )
    }

    /// The public key of a request whose signature shows that the sender has the private one.
    private static func publicKey(of request: String) throws(IdentityError) -> Certificate.PublicKey {
        let advice = "let the node make a new key and request"
        guard request.utf8.count <= AuthorityCertificate.maximumPEMLength,
            let parsed = try? CertificateSigningRequest(pemEncoded: request)
        else {
            throw IdentityError(.badRequest, "the text is not one certificate request in PEM", advice: advice)
        }
        guard P256.Signing.PublicKey(parsed.publicKey) != nil else {
            throw IdentityError(.badRequest, "the request's key is not a P-256 key", advice: advice)
        }
        guard parsed.publicKey.isValidSignature(parsed.signature, for: parsed) else {
            throw IdentityError(.badRequest, "the request is not signed with its own key", advice: advice)
        }
        return parsed.publicKey
    }
}
