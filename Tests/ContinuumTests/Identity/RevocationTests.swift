import Continuum
import Domain
import Foundation
import Testing

@Suite("Revocations")
struct RevocationTests {
    @Test("a revoked certificate is refused, another one of the same node is not")
    func certificate() throws {
        let fixture = try IdentityFixture()
        let (old, new) = (try fixture.peer("node"), try fixture.peer("node"))
        var revocations = Revocations()
        #expect(!revocations.isRevoked(old))
        revocations.revoke(old, reason: "stolen", at: fixture.now)
        #expect(revocations.isRevoked(old))
        #expect(!revocations.isRevoked(new))
        #expect(revocations.revocation(of: old)?.reason == "stolen")
        #expect(revocations.revocation(of: old)?.expires == old.notAfter)
    }

    @Test("a removed name loses the certificates it has, and can be given again at once")
    func name() throws {
        let fixture = try IdentityFixture()
        let before = try fixture.peer("node")
        let other = try fixture.peer("other")
        let removed = fixture.now.advanced(by: TimeSpan(microseconds: 300_000))
        var revocations = Revocations()
        revocations.remove(before.name, reason: "sold", at: removed)
        #expect(revocations.isRevoked(before))
        #expect(!revocations.isRevoked(other))
        let next = removed.advanced(by: TimeSpan(microseconds: 1000))
        #expect(revocations.isRevoked(try fixture.peer("node", at: next)))
        let time = revocations.issueTime(for: before.name, at: next)
        let after = try fixture.peer("node", at: time)
        #expect(!revocations.isRevoked(after))
        #expect(after.isCurrent(at: next))
        #expect(revocations.issueTime(for: other.name, at: next) == next)
        let later = next.advanced(by: .hours(1))
        #expect(revocations.issueTime(for: before.name, at: later) == later)
    }

    @Test("the revision grows with every change and with nothing else")
    func revision() throws {
        let fixture = try IdentityFixture()
        let peer = try fixture.peer("node")
        var revocations = Revocations()
        #expect(revocations.revision == 0)
        revocations.revoke(peer, reason: "a", at: fixture.now)
        #expect(revocations.revision == 1)
        revocations.revoke(peer, reason: "a", at: fixture.now)
        #expect(revocations.revision == 1)
        revocations.remove(peer.name, reason: "b", at: fixture.now)
        #expect(revocations.revision == 2)
        let copy = revocations
        let isNew = revocations.merge(copy)
        #expect(!isNew)
        #expect(revocations == copy)
    }

    @Test(
        "merging is commutative and idempotent, and neither order nor repetition matters",
        arguments: 0..<60 as Range<UInt64>
    )
    func merging(seed: UInt64) throws {
        var random = IdentityRandom(seed: seed)
        let peers = try Self.peers
        let copies = (0..<4).map { _ in Self.some(of: peers, using: &random) }
        for one in copies {
            #expect(Self.merged([one, one]) == one)
            for two in copies {
                let both = Self.merged([one, two])
                #expect(both == Self.merged([two, one]))
                #expect(Self.merged([both, one]) == both)
                #expect(Self.merged([both, two]) == both)
                #expect(both.revision >= max(one.revision, two.revision))
                #expect(both.holdsSame(as: one) || both.revision > one.revision)
                #expect(both.holdsSame(as: two) || both.revision > two.revision)
                for peer in peers where one.isRevoked(peer) || two.isRevoked(peer) { #expect(both.isRevoked(peer)) }
            }
        }
        let all = Self.merged(copies)
        let shuffled = Self.merged(copies.shuffled(using: &random) + copies.shuffled(using: &random))
        #expect(all.holdsSame(as: shuffled))
        #expect(all.digest == shuffled.digest)
    }

    @Test("copies with different contents have different digests")
    func digest() throws {
        let peers = try Self.peers
        var (one, two) = (Revocations(), Revocations())
        #expect(one.digest == two.digest)
        one.revoke(peers[0], reason: "x", at: IdentityFixture.now)
        #expect(one.digest != two.digest)
        two.revoke(peers[0], reason: "y", at: IdentityFixture.now)
        #expect(one.digest != two.digest)
        one.merge(two)
        two.merge(one)
        #expect(one.digest == two.digest)
    }

    @Test(
        "they survive JSON, with reasons of any text",
        arguments: ["stolen", "gestohlen \u{1f600}\n", String(repeating: "ö", count: 500)]
    )
    func json(reason: String) throws {
        var revocations = Revocations()
        let peers = try Self.peers
        revocations.revoke(peers[0], reason: reason, at: IdentityFixture.now)
        revocations.remove(peers[1].name, reason: reason, at: IdentityFixture.now)
        let again = try JSONDecoder().decode(Revocations.self, from: JSONEncoder().encode(revocations))
        #expect(again == revocations)
        #expect(again.digest == revocations.digest)
        let kept = try #require(again.revocation(of: peers[0])?.reason)
        #expect(kept.utf8.count <= Revocation.maximumReason)
        #expect(kept.utf8.allSatisfy { (0x20..<0x7f).contains($0) })
    }

    private static let fixture = Result { try IdentityFixture() }
    private static var peers: [PeerCertificate] {
        get throws { try everyone.get() }
    }
    private static let everyone = Result {
        try (0..<8).map { try fixture.get().peer("node-\($0 % 4)", lifetime: .hours(Int64($0) + 1)) }
    }

    private static func some(of peers: [PeerCertificate], using random: inout IdentityRandom) -> Revocations {
        var revocations = Revocations()
        for peer in peers {
            let time = IdentityFixture.now.advanced(by: .seconds(Int64.random(in: 0..<3, using: &random)))
            switch Int.random(in: 0..<4, using: &random) {
            case 0: revocations.revoke(peer, reason: ["a", "b"].randomElement(using: &random) ?? "", at: time)
            case 1: revocations.remove(peer.name, reason: "c", at: time)
            default: continue
            }
        }
        return revocations
    }

    private static func merged(_ copies: [Revocations]) -> Revocations {
        copies.dropFirst().reduce(into: copies[0]) { $0.merge($1) }
    }
}
