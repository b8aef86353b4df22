import Continuum
import Crypto
import Domain
import Foundation
import SwiftASN1
import X509

/// A continuum and what its nodes hold, made for one test.
struct IdentityFixture {
    /// A time at which everything of the fixture is valid.
    static let now = Timestamp(microseconds: 1_790_000_000_000_000)

    let authority: ContinuumAuthority
    let now: Timestamp

    init(at now: Timestamp = IdentityFixture.now) throws {
        self.authority = try ContinuumAuthority.make(at: now)
        self.now = now
    }

    /// The certificate of a node, as PEM.
    func issue(
        _ name: String,
        key: NodeKey = NodeKey(),
        tier: String = "edge",
        site: String? = "leipzig",
        at time: Timestamp? = nil,
        lifetime: TimeSpan = .hours(24)
    ) throws -> String {
        try authority.issue(
            request: key.request(),
            name: NodeName(name),
            tier: Tier(tier),
            site: site.map { try Site($0) },
            at: time ?? now,
            lifetime: lifetime
        )
    }

    /// A node that has joined.
    func identity(
        _ name: String,
        tier: String = "edge",
        site: String? = "leipzig",
        lifetime: TimeSpan = .hours(24)
    ) throws -> NodeIdentity {
        let key = NodeKey()
        return try NodeIdentity(
            key: key.pem,
            certificate: issue(name, key: key, tier: tier, site: site, lifetime: lifetime),
            authority: authority.certificatePEM,
            at: now
        )
    }

    /// What peers read in the certificate of a node.
    func peer(_ name: String, at time: Timestamp? = nil, lifetime: TimeSpan = .hours(24)) throws -> PeerCertificate {
        try PeerCertificate(der: Self.der(issue(name, at: time, lifetime: lifetime)))
    }

    /// A certificate with these contents, signed by the continuum's authority although it would never make it.
    func forge(
        names: [GeneralName],
        commonName: String = "one",
        constraints: BasicConstraints = .notCertificateAuthority,
        usage: KeyUsage = KeyUsage(digitalSignature: true),
        purposes: [ExtendedKeyUsage.Usage] = [.serverAuth, .clientAuth],
        more: [Certificate.Extension] = []
    ) throws -> [UInt8] {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        var extensions = try Certificate.Extensions {
            Critical(constraints)
            Critical(usage)
            try ExtendedKeyUsage(purposes)
        }
        if !names.isEmpty { try extensions.append(SubjectAlternativeNames(names).makeCertificateExtension()) }
        for extra in more { try extensions.append(extra) }
        return try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: key.publicKey,
            notValidBefore: Date(timeIntervalSince1970: now.since(.init(microseconds: 0)).inSeconds - 60),
            notValidAfter: Date(timeIntervalSince1970: now.since(.init(microseconds: 0)).inSeconds + 3600),
            issuer: Certificate(pemEncoded: authority.certificatePEM).subject,
            subject: DistinguishedName { CommonName(commonName) },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: extensions,
            issuerPrivateKey: Certificate.PrivateKey(pemEncoded: authority.keyPEM)
        ).serializeAsPEM().derBytes
    }

    /// The DER of a certificate in PEM.
    static func der(_ pem: String) throws -> [UInt8] { try PEMDocument(pemString: pem).derBytes }

    /// The PEM of a certificate in DER.
    static func pem(_ der: [UInt8]) -> String { PEMDocument(type: "CERTIFICATE", derBytes: der).pemString }

    /// The same bytes with one text, which has to be there once, replaced by another of its length.
    static func replacing(_ text: String, with other: String, in bytes: [UInt8]) -> [UInt8]? {
        let (text, other) = (Array(text.utf8), Array(other.utf8))
        guard text.count == other.count, let range = bytes.firstRange(of: text) else { return nil }
        var changed = bytes
        changed.replaceSubrange(range, with: other)
        return changed.firstRange(of: text) == nil ? changed : nil
    }
}
