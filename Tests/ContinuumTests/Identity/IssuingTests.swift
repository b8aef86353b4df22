import Continuum
import Crypto
import Domain
import Foundation
import SwiftASN1
import Testing
import X509

@Suite("Issuing certificates")
struct IssuingTests {
    @Test("a node's certificate says what the authority decided")
    func contents() throws {
        let fixture = try IdentityFixture()
        let certificate = try Certificate(pemEncoded: fixture.issue("node-1", tier: "edge", site: "leipzig"))
        #expect(certificate.subject == (try DistinguishedName { CommonName("node-1") }))
        let names = try #require(try certificate.extensions.subjectAlternativeNames)
        #expect(
            Array(names) == [
                .dnsName("node-1.node.godwit.internal"),
                .uniformResourceIdentifier("godwit://node/node-1?tier=edge&site=leipzig"),
            ]
        )
        let purposes = try #require(try certificate.extensions.extendedKeyUsage)
        #expect(Set(purposes) == [.serverAuth, .clientAuth])
        let usage = try #require(certificate.extensions[oid: .X509ExtensionID.keyUsage])
        #expect(usage.critical)
        #expect(try KeyUsage(usage) == KeyUsage(digitalSignature: true))
        let constraints = try #require(certificate.extensions[oid: .X509ExtensionID.basicConstraints])
        #expect(constraints.critical)
        #expect(try BasicConstraints(constraints) == .notCertificateAuthority)
        let peer = try PeerCertificate(der: IdentityFixture.der(certificate.serializeAsPEM().pemString))
        #expect(peer.notBefore == Timestamp(microseconds: fixture.now.microseconds - 3_600_000_000))
        #expect(peer.issued == fixture.now)
        #expect(peer.notAfter == fixture.now.advanced(by: .hours(24)))
    }

    @Test("serial numbers have 32 digits and do not repeat")
    func serials() throws {
        let fixture = try IdentityFixture()
        let key = NodeKey()
        let serials = try (0..<300).map { _ in
            try PeerCertificate(der: IdentityFixture.der(fixture.issue("node", key: key))).serial
        }
        #expect(serials.allSatisfy { $0.utf8.count == 32 })
        #expect(Set(serials).count == serials.count)
    }

    @Test("names in the request, even those of another node, do not reach the certificate")
    func namesInRequest() throws {
        let fixture = try IdentityFixture()
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let wanted = try Certificate.Extensions {
            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
            Critical(KeyUsage(keyCertSign: true))
            SubjectAlternativeNames([
                .dnsName("founder.node.godwit.internal"),
                .uniformResourceIdentifier("godwit://node/founder?tier=cloud"),
            ])
        }
        let request = try CertificateSigningRequest(
            version: .v1,
            subject: DistinguishedName { CommonName("founder") },
            privateKey: key,
            attributes: CertificateSigningRequest.Attributes([.init(ExtensionRequest(extensions: wanted))]),
            signatureAlgorithm: .ecdsaWithSHA256
        ).serializeAsPEM().pemString
        let issued = try fixture.authority.issue(
            request: request,
            name: NodeName("thing"),
            tier: Tier("edge"),
            site: nil,
            at: fixture.now,
            lifetime: .hours(1)
        )
        let certificate = try Certificate(pemEncoded: issued)
        #expect(certificate.publicKey == key.publicKey)
        #expect(certificate.subject == (try DistinguishedName { CommonName("thing") }))
        #expect(try certificate.extensions.basicConstraints == .notCertificateAuthority)
        let names = try #require(try certificate.extensions.subjectAlternativeNames)
        #expect(
            Array(names) == [
                .dnsName("thing.node.godwit.internal"), .uniformResourceIdentifier("godwit://node/thing?tier=edge"),
            ]
        )
    }

    @Test("a request that its own key did not sign is refused")
    func foreignSignature() throws {
        let fixture = try IdentityFixture()
        var der = try PEMDocument(pemString: NodeKey().request()).derBytes
        let other = try PEMDocument(pemString: NodeKey().request()).derBytes
        der[der.count - 1] ^= 1
        for bytes in [der, try Self.graft(key: other, into: der)] {
            let request = PEMDocument(type: "CERTIFICATE REQUEST", derBytes: bytes).pemString
            #expect(identityFailure { try Self.issue(request, by: fixture) }?.kind == .badRequest)
        }
    }

    @Test("a request that is none, too long, or for a key of another kind is refused")
    func strangeRequests() throws {
        let fixture = try IdentityFixture()
        let weak = try CertificateSigningRequest(
            version: .v1,
            subject: DistinguishedName(),
            privateKey: Certificate.PrivateKey(P384.Signing.PrivateKey()),
            attributes: CertificateSigningRequest.Attributes(),
            signatureAlgorithm: .ecdsaWithSHA384
        ).serializeAsPEM().pemString
        let good = try NodeKey().request()
        let requests = [
            "", "no request", try fixture.issue("node"), weak, good + good,
            String(repeating: " ", count: 20_000) + good,
        ]
        for request in requests {
            #expect(identityFailure { try Self.issue(request, by: fixture) }?.kind == .badRequest)
        }
        #expect(throws: Never.self) { try Self.issue(good, by: fixture) }
    }

    @Test("a request with a flipped byte never traps, and gets no certificate for another key")
    func flipped() throws {
        let fixture = try IdentityFixture()
        let pem = try NodeKey().request()
        let key = try CertificateSigningRequest(pemEncoded: pem).publicKey
        let der = try PEMDocument(pemString: pem).derBytes
        for index in der.indices {
            for flip: UInt8 in [0x01, 0x20, 0x80, 0xff] {
                var changed = der
                changed[index] ^= flip
                let request = PEMDocument(type: "CERTIFICATE REQUEST", derBytes: changed).pemString
                // The count of unused bits in the signature is not signed, so that one flip may pass.
                guard let issued = try? Self.issue(request, by: fixture) else { continue }
                #expect(try Certificate(pemEncoded: issued).publicKey == key)
            }
        }
    }

    @Test("a certificate cannot outlast the authority, nor come after it")
    func lifetimes() throws {
        let fixture = try IdentityFixture()
        let late = fixture.now.advanced(by: .hours((3650 * 24) - 1))
        let certificate = try PeerCertificate(
            der: IdentityFixture.der(fixture.issue("node", at: late, lifetime: .hours(24)))
        )
        #expect(certificate.notAfter == fixture.authority.certificate.notAfter)
        #expect(
            identityFailure { try fixture.issue("node", at: fixture.now.advanced(by: .hours(3650 * 24))) }?.kind
                == .expired
        )
        #expect(
            identityFailure { try fixture.issue("node", at: fixture.now.advanced(by: .hours(-25))) }?.kind
                == .notYetValid
        )
        for lifetime: TimeSpan in [.zero, .seconds(59), .seconds(-1), .init(microseconds: .max)] {
            #expect(identityFailure { try fixture.issue("node", lifetime: lifetime) }?.kind == .badRequest)
        }
    }

    @Test("a renewed certificate keeps name, tier and site, and gets its own serial number")
    func renewal() throws {
        let fixture = try IdentityFixture()
        let present = try fixture.peer("node-1")
        let later = fixture.now.advanced(by: .hours(20))
        let key = NodeKey()
        let pem = try fixture.authority.renew(present, request: key.request(), at: later, lifetime: .hours(24))
        let next = try PeerCertificate(der: IdentityFixture.der(pem))
        #expect(next.name == present.name && next.tier == present.tier && next.site == present.site)
        #expect(next.serial != present.serial)
        #expect(next.notAfter == later.advanced(by: .hours(24)))
    }

    @discardableResult
    private static func issue(_ request: String, by fixture: IdentityFixture) throws -> String {
        try fixture.authority.issue(
            request: request,
            name: NodeName("node"),
            tier: Tier("edge"),
            site: nil,
            at: fixture.now,
            lifetime: .hours(1)
        )
    }

    /// A request with the public key of another one: the point is the last 65 bytes before the attributes.
    private static func graft(key other: [UInt8], into request: [UInt8]) throws -> [UInt8] {
        let marker: [UInt8] = [0x03, 0x42, 0x00, 0x04]
        let from = try #require(other.firstRange(of: marker))
        let to = try #require(request.firstRange(of: marker))
        var grafted = request
        grafted.replaceSubrange(to.lowerBound..<to.upperBound + 64, with: other[from.lowerBound..<from.upperBound + 64])
        return grafted
    }
}
