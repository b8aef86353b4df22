import Continuum
import Domain
import Testing

@Suite("The identity of a node")
struct NodeIdentityTests {
    @Test("it reads what the authority wrote", arguments: [("node-1", "edge", "leipzig"), ("c", "cloud", nil)])
    func reads(name: String, tier: String, site: String?) throws {
        let fixture = try IdentityFixture()
        let identity = try fixture.identity(name, tier: tier, site: site)
        #expect(identity.name.text == name)
        #expect(identity.tier.text == tier)
        #expect(identity.site?.text == site)
        #expect(identity.serial.utf8.count == 32)
        #expect(identity.notAfter == fixture.now.advanced(by: .hours(24)))
        #expect(identity.authority == fixture.authority.certificate)
    }

    @Test("the longest labels fit")
    func longest() throws {
        let label = String(repeating: "a", count: Label.maximumLength)
        let identity = try IdentityFixture().identity(label, tier: label, site: label)
        #expect(identity.name.text == label && identity.tier.text == label && identity.site?.text == label)
    }

    @Test("it is kept as PEM, and its description has no key in it")
    func kept() throws {
        let fixture = try IdentityFixture()
        let identity = try fixture.identity("node")
        let again = try NodeIdentity(
            key: identity.keyPEM,
            certificate: identity.certificatePEM,
            authority: identity.authorityPEM,
            at: fixture.now
        )
        #expect(again.certificate == identity.certificate)
        #expect(!"\(identity) \(String(reflecting: identity)) \(identity.key)".contains("PRIVATE"))
    }

    @Test("a key of another certificate is refused")
    func otherKey() throws {
        let fixture = try IdentityFixture()
        let error = Self.refusal(key: NodeKey().pem, certificate: try fixture.issue("node"), by: fixture)
        #expect(error?.kind == .keyMismatch)
        #expect(error?.description.contains("restore both files together, or join again") == true)
    }

    @Test("a certificate of another continuum is refused, and the error names this one")
    func otherAuthority() throws {
        let (fixture, other) = (try IdentityFixture(), try IdentityFixture())
        let key = NodeKey()
        let error = Self.refusal(key: key.pem, certificate: try other.issue("node", key: key), by: fixture)
        #expect(error?.kind == .wrongAuthority)
        #expect(error?.description.contains(fixture.authority.certificate.continuum) == true)
    }

    @Test(
        "a certificate with a changed tier, name or site is refused",
        arguments: [
            ("tier=edge", "tier=core"), ("site=leipzig", "site=dresden"), ("node/node-1", "node/node-2"),
        ]
    )
    func changed(text: String, other: String) throws {
        let fixture = try IdentityFixture()
        let key = NodeKey()
        let der = try IdentityFixture.der(fixture.issue("node-1", key: key))
        let changed = try #require(IdentityFixture.replacing(text, with: other, in: der))
        let error = Self.refusal(key: key.pem, certificate: IdentityFixture.pem(changed), by: fixture)
        #expect(error?.kind == .wrongAuthority)
    }

    @Test(
        "a certificate is refused before and after its time, with the date",
        arguments: [
            (TimeSpan.hours(-1), nil), (.init(microseconds: -3_600_000_001), IdentityError.Kind.notYetValid),
            (.init(microseconds: 86_399_999_999), nil), (.hours(24), .expired), (.hours(9000), .expired),
        ]
    )
    func time(offset: TimeSpan, kind: IdentityError.Kind?) throws {
        let fixture = try IdentityFixture()
        let key = NodeKey()
        let pem = try fixture.issue("node", key: key)
        let error = Self.refusal(key: key.pem, certificate: pem, by: fixture, at: fixture.now.advanced(by: offset))
        #expect(error?.kind == kind)
        if kind == .expired {
            #expect(error?.reason.contains("expired on \(fixture.now.advanced(by: .hours(24)))") == true)
            #expect(error?.advice == "join again with a new token")
        }
    }

    @Test("texts that are no PEM are refused with the part that is wrong")
    func unreadable() throws {
        let fixture = try IdentityFixture()
        let key = NodeKey()
        let pem = try fixture.issue("node", key: key)
        #expect(Self.refusal(key: "secret words", certificate: pem, by: fixture)?.reason.contains("key") == true)
        #expect(Self.refusal(key: "secret words", certificate: pem, by: fixture)?.reason.contains("words") == false)
        #expect(Self.refusal(key: key.pem, certificate: "", by: fixture)?.kind == .unreadable)
        #expect(Self.refusal(key: key.pem, certificate: key.pem, by: fixture)?.kind == .unreadable)
        #expect(Self.refusal(key: key.pem, certificate: pem + pem, by: fixture)?.kind == .unreadable)
    }

    @Test(
        "renewal is due after two thirds of its life, however short that is",
        arguments: [
            TimeSpan.minutes(6), .hours(3), .hours(24 * 90),
        ]
    )
    func renewal(lifetime: TimeSpan) throws {
        let fixture = try IdentityFixture()
        let identity = try fixture.identity("node", lifetime: lifetime)
        let due = fixture.now.advanced(by: TimeSpan(microseconds: lifetime.microseconds / 3 * 2))
        #expect(!identity.renewalDue(at: fixture.now))
        #expect(!identity.renewalDue(at: Timestamp(microseconds: due.microseconds - 1)))
        #expect(identity.renewalDue(at: due))
    }

    private static func refusal(
        key: String,
        certificate: String,
        by fixture: IdentityFixture,
        at time: Timestamp? = nil
    ) -> IdentityError? {
        identityFailure {
            try NodeIdentity(
                key: key,
                certificate: certificate,
                authority: fixture.authority.certificatePEM,
                at: time ?? fixture.now
            )
        }
    }
}
