import Continuum
import Crypto
import Domain
import Foundation
import SwiftASN1
import Testing
import X509

@Suite("The authority of a continuum")
struct AuthorityTests {
    @Test("its certificate is that of an authority that signs nodes only, for ten years")
    func certificate() throws {
        let fixture = try IdentityFixture()
        let authority = fixture.authority
        let certificate = try Certificate(pemEncoded: authority.certificatePEM)
        #expect(
            certificate.subject
                == (try DistinguishedName { CommonName("godwit continuum \(authority.certificate.continuum)") })
        )
        let constraints = try #require(certificate.extensions[oid: .X509ExtensionID.basicConstraints])
        #expect(constraints.critical)
        #expect(try BasicConstraints(constraints) == .isCertificateAuthority(maxPathLength: 0))
        let usage = try #require(try certificate.extensions.keyUsage)
        #expect(usage.keyCertSign && usage.cRLSign)
        #expect(authority.certificate.notAfter == fixture.now.advanced(by: .hours(3650 * 24)))
        #expect(authority.fingerprint == SHA256.hash(data: try IdentityFixture.der(authority.certificatePEM)).hex)
        #expect(authority.fingerprint.count == 64)
    }

    @Test("two continua differ in id, key and fingerprint")
    func distinct() throws {
        let (one, two) = (try IdentityFixture().authority, try IdentityFixture().authority)
        #expect(one.certificate.continuum != two.certificate.continuum)
        #expect(one.fingerprint != two.fingerprint)
        #expect(one.keyPEM != two.keyPEM)
    }

    @Test("it is kept as PEM, and its description has no key in it")
    func kept() throws {
        let authority = try IdentityFixture().authority
        let again = try ContinuumAuthority(certificate: authority.certificatePEM, key: authority.keyPEM)
        #expect(again.certificate == authority.certificate)
        #expect(again.keyPEM == authority.keyPEM)
        #expect(!"\(authority) \(String(reflecting: authority))".contains("PRIVATE"))
    }

    @Test("what does not belong together is refused")
    func mismatches() throws {
        let (one, two) = (try IdentityFixture(), try IdentityFixture())
        let node = try one.issue("node")
        #expect(
            identityFailure {
                try ContinuumAuthority(certificate: one.authority.certificatePEM, key: two.authority.keyPEM)
            }?.kind == .keyMismatch
        )
        #expect(
            identityFailure { try ContinuumAuthority(certificate: one.authority.certificatePEM, key: "no key") }?.kind
                == .unreadable
        )
        #expect(identityFailure { try AuthorityCertificate(pem: "no certificate") }?.kind == .unreadable)
        #expect(
            identityFailure {
                try AuthorityCertificate(pem: one.authority.certificatePEM + one.authority.certificatePEM)
            }?.kind == .unreadable
        )
        #expect(
            identityFailure {
                try AuthorityCertificate(pem: String(repeating: "\n", count: 20_000) + one.authority.certificatePEM)
            }?.kind == .unreadable
        )
        #expect(identityFailure { try AuthorityCertificate(pem: node) }?.kind == .notAuthority)
    }

    @Test("an authority's certificate that was changed is refused")
    func changed() throws {
        let authority = try IdentityFixture().authority
        var der = try IdentityFixture.der(authority.certificatePEM)
        der[der.count - 1] ^= 1
        #expect(identityFailure { try AuthorityCertificate(pem: IdentityFixture.pem(der)) }?.kind == .notAuthority)
    }

    @Test("no flipped byte is taken for the same authority, and none traps")
    func flipped() throws {
        let authority = try IdentityFixture().authority
        let der = try IdentityFixture.der(authority.certificatePEM)
        for index in der.indices {
            for flip: UInt8 in [0x01, 0x20, 0x80, 0xff] {
                var changed = der
                changed[index] ^= flip
                let other = try? AuthorityCertificate(pem: IdentityFixture.pem(changed))
                #expect(other?.fingerprint != authority.fingerprint)
            }
        }
    }

    @Test("a node's chain verifies against its own authority and against no other")
    func chain() async throws {
        let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6))
        let (own, other) = (try IdentityFixture(at: now), try IdentityFixture(at: now))
        let leaf = try Certificate(pemEncoded: own.issue("node-1"))
        #expect(await Self.verifies(leaf, against: own, host: "node-1.node.godwit.internal"))
        #expect(await !Self.verifies(leaf, against: own, host: "node-2.node.godwit.internal"))
        #expect(await !Self.verifies(leaf, against: other, host: "node-1.node.godwit.internal"))
    }

    @Test("a changed tier breaks the chain")
    func changedTier() async throws {
        let fixture = try IdentityFixture(at: Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6)))
        let der = try IdentityFixture.der(fixture.issue("node", tier: "edge"))
        let changed = try #require(IdentityFixture.replacing("tier=edge", with: "tier=core", in: der))
        #expect(try PeerCertificate(der: changed).tier == Tier("core"))
        #expect(await Self.verifies(try Certificate(derEncoded: der), against: fixture, host: nil))
        #expect(await !Self.verifies(try Certificate(derEncoded: changed), against: fixture, host: nil))
    }

    private static func verifies(_ leaf: Certificate, against fixture: IdentityFixture, host: String?) async -> Bool {
        guard let root = try? Certificate(pemEncoded: fixture.authority.certificatePEM) else { return false }
        var verifier = Verifier(rootCertificates: CertificateStore([root])) {
            RFC5280Policy()
            if let host { ServerIdentityPolicy(serverHostname: host, serverIP: nil) }
        }
        switch await verifier.validate(leaf: leaf, intermediates: CertificateStore()) {
        case .validCertificate: return true
        case .couldNotValidate: return false
        }
    }
}
