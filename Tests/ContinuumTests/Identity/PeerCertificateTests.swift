import Continuum
import Domain
import SwiftASN1
import Testing
import X509

@Suite("The certificate of a peer")
struct PeerCertificateTests {
    private static let host = GeneralName.dnsName("one.node.godwit.internal")
    private static let uri = GeneralName.uniformResourceIdentifier("godwit://node/one?tier=edge&site=leipzig")

    @Test("exactly our form is taken")
    func good() throws {
        let peer = try PeerCertificate(der: IdentityFixture().forge(names: [Self.host, Self.uri]))
        #expect(peer.name.text == "one" && peer.tier.text == "edge" && peer.site?.text == "leipzig")
        #expect(peer.description.hasPrefix("one (tier edge, site leipzig, certificate "))
    }

    @Test(
        "other sets of names are refused",
        arguments: [
            [], [host], [uri], [host, uri, uri],
            [host, uri, .uniformResourceIdentifier("godwit://node/one?tier=cloud")],
            [host, uri, .uniformResourceIdentifier("https://example.com")],
            [host, uri, .dnsName("two.node.godwit.internal")],
            [.dnsName("two.node.godwit.internal"), uri], [.dnsName("*.node.godwit.internal"), uri],
            [.rfc822Name("one.node.godwit.internal"), uri],
        ]
    )
    func names(_ names: [GeneralName]) throws {
        let der = try IdentityFixture().forge(names: names)
        #expect(identityFailure { try PeerCertificate(der: der) }?.kind == .badCertificate)
    }

    @Test(
        "a URI that is not exactly ours is refused",
        arguments: [
            "godwit://node/one", "godwit://node/one?", "godwit://node/one?tier=", "godwit://node/one?tier=edge&",
            "godwit://node/one?tier=edge&site=", "godwit://node/one?site=leipzig&tier=edge",
            "godwit://node/one?tier=edge&site=leipzig&site=dresden", "godwit://node/one?tier=edge&tier=cloud",
            "godwit://node/one?tier=edge?tier=cloud", "godwit://node/one?tier=edge#x", "godwit://node/one/?tier=edge",
            "godwit://node/One?tier=edge", "godwit://node/?tier=edge", "godwit://node/-one?tier=edge",
            "godwit://node/on%65?tier=edge", "godwit://node/one?tier=Edge", "godwit://node/one?tier=edge&zone=leipzig",
            "GODWIT://node/one?tier=edge", "godwit://nodes/one?tier=edge", " godwit://node/one?tier=edge",
            "godwit://node/one?tier=edge ", "godwit://node/one?tier=edge\u{0}", "",
            "godwit://node/\(String(repeating: "a", count: 64))?tier=edge",
        ]
    )
    func uris(_ uri: String) throws {
        let der = try IdentityFixture().forge(names: [Self.host, .uniformResourceIdentifier(uri)])
        #expect(identityFailure { try PeerCertificate(der: der) }?.kind == .badCertificate)
    }

    @Test("another name in the subject is refused", arguments: ["two", "", "One", "one.node.godwit.internal"])
    func subject(_ commonName: String) throws {
        let der = try IdentityFixture().forge(names: [Self.host, Self.uri], commonName: commonName)
        #expect(identityFailure { try PeerCertificate(der: der) }?.kind == .badCertificate)
    }

    @Test("a certificate for other uses is refused")
    func uses() throws {
        let fixture = try IdentityFixture()
        let names = [Self.host, Self.uri]
        let unknown = Certificate.Extension(oid: [1, 2, 3, 4], critical: true, value: [5, 0])
        let harmless = Certificate.Extension(oid: [1, 2, 3, 4], critical: false, value: [5, 0])
        let forged = [
            try fixture.forge(names: names, constraints: .isCertificateAuthority(maxPathLength: nil)),
            try fixture.forge(names: names, usage: KeyUsage(digitalSignature: true, keyCertSign: true)),
            try fixture.forge(names: names, usage: KeyUsage()),
            try fixture.forge(names: names, purposes: [.clientAuth]),
            try fixture.forge(names: names, purposes: [.serverAuth, .clientAuth, .codeSigning]),
            try fixture.forge(names: names, more: [unknown]),
        ]
        for der in forged { #expect(identityFailure { try PeerCertificate(der: der) }?.kind == .badCertificate) }
        #expect(throws: Never.self) { try PeerCertificate(der: fixture.forge(names: names, more: [harmless])) }
    }

    @Test("the refusal says what is wrong with the certificate")
    func reasons() throws {
        let two = try IdentityFixture().forge(names: [Self.host, Self.uri, Self.uri])
        let error = identityFailure { try PeerCertificate(der: two) }
        #expect(error?.description == "the certificate has 2 URIs where a node's has one; let the node join again")
    }

    @Test("the authority's own certificate is none of a node")
    func authority() throws {
        let der = try IdentityFixture.der(IdentityFixture().authority.certificatePEM)
        #expect(identityFailure { try PeerCertificate(der: der) }?.kind == .badCertificate)
    }

    @Test("bytes that are no certificate are refused, whatever was cut off or added")
    func bytes() throws {
        let der = try IdentityFixture.der(IdentityFixture().issue("node"))
        for count in stride(from: 0, to: der.count, by: 7) {
            #expect(identityFailure { try PeerCertificate(der: Array(der.prefix(count))) }?.kind == .unreadable)
        }
        #expect(identityFailure { try PeerCertificate(der: der + [0]) }?.kind == .unreadable)
        #expect(
            identityFailure { try PeerCertificate(der: Array(repeating: 0x30, count: 100_000)) }?.kind == .unreadable
        )
    }

    @Test("flipped bytes never trap")
    func flipped() throws {
        let der = try IdentityFixture.der(IdentityFixture().issue("node"))
        for index in der.indices {
            for flip: UInt8 in [0x01, 0x20, 0x80, 0xff] {
                var changed = der
                changed[index] ^= flip
                _ = try? PeerCertificate(der: changed)
            }
        }
    }

    @Test("it is current from its beginning to its end")
    func current() throws {
        let fixture = try IdentityFixture()
        let peer = try fixture.peer("node", lifetime: .hours(1))
        #expect(peer.isCurrent(at: peer.notBefore))
        #expect(!peer.isCurrent(at: Timestamp(microseconds: peer.notBefore.microseconds - 1)))
        #expect(peer.isCurrent(at: Timestamp(microseconds: peer.notAfter.microseconds - 1)))
        #expect(!peer.isCurrent(at: peer.notAfter))
    }
}
