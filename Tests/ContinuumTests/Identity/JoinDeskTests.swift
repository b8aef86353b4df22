import Continuum
import Domain
import Foundation
import Testing

@Suite("The desk that gives out join tokens")
struct JoinDeskTests {
    private let authority: AuthorityCertificate
    private let now = IdentityFixture.now
    private let one: NodeName
    private let two: NodeName
    private let edge: Tier

    init() throws {
        self.authority = try IdentityFixture().authority.certificate
        self.one = try NodeName("one")
        self.two = try NodeName("two")
        self.edge = try Tier("edge")
    }

    @Test("a token is good once, and its record says the tier")
    func once() throws {
        var desk = JoinDesk()
        let token = try invite(&desk, tier: Tier("cloud"))
        let record = try desk.redeem(token, for: one, at: now)
        #expect(record.tier.text == "cloud")
        #expect(record.used == now)
        let before = desk
        let refusal = refused(&desk, token, for: one, at: now.advanced(by: .seconds(1)))
        #expect(refusal == .used(id: record.id, at: now))
        #expect(refusal?.answer == "the join token is not valid")
        #expect(refused(&desk, token, for: two) == .used(id: record.id, at: now))
        #expect(desk == before)
    }

    @Test("a token expires at its time")
    func expiry() throws {
        var desk = JoinDesk()
        let token = try invite(&desk, lifetime: .hours(1))
        let end = now.advanced(by: .hours(1))
        #expect(refused(&desk, token, for: one, at: end) == .expired(id: try JoinToken(token).id, at: end))
        #expect(throws: Never.self) {
            try desk.redeem(token, for: one, at: Timestamp(microseconds: end.microseconds - 1))
        }
    }

    @Test("a token for one name or tier stays good when another one tries")
    func restrictions() throws {
        var desk = JoinDesk()
        let token = try invite(&desk, name: one)
        let id = try JoinToken(token).id
        let cloud = try Tier("cloud")
        #expect(refused(&desk, token, for: two) == .wrongName(id: id, asked: two))
        #expect(refused(&desk, token, for: one, tier: cloud) == .wrongTier(id: id, asked: cloud))
        #expect(throws: Never.self) { try desk.redeem(token, for: one, tier: edge, at: now) }
    }

    @Test("a changed secret or fingerprint is refused in each of its digits, and the token stays good")
    func tampered() throws {
        var desk = JoinDesk()
        let token = try invite(&desk)
        let id = try JoinToken(token).id
        let bytes = Array(token.utf8)
        for index in 15..<bytes.count where bytes[index] != UInt8(ascii: "_") {
            var changed = bytes
            changed[index] = bytes[index] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
            #expect(refused(&desk, String(decoding: changed, as: UTF8.self), for: one) == .wrongSecret(id: id))
        }
        #expect(throws: Never.self) { try desk.redeem(token, for: one, at: now) }
    }

    @Test("texts that are no token, and tokens of another founder, are refused")
    func strangers() throws {
        var (desk, other) = (JoinDesk(), JoinDesk())
        let token = try invite(&desk)
        let foreign = try invite(&other)
        #expect(refused(&desk, foreign, for: one) == .unknown)
        #expect(refused(&desk, String(token.dropLast()), for: one) == .malformed)
        #expect(refused(&desk, "", for: one) == .malformed)
        #expect(refused(&other, token, for: one) == .unknown)
    }

    @Test("refusals say nothing to the outside, except to who holds a good token")
    func answers() {
        let quiet: [JoinRefusal] = [
            .malformed, .unknown, .wrongSecret(id: "a"), .used(id: "a", at: now), .expired(id: "a", at: now),
        ]
        #expect(Set(quiet.map(\.answer)) == ["the join token is not valid"])
        #expect(Set(quiet.map(\.description)).count == quiet.count)
        #expect(!JoinRefusal.wrongName(id: "a", asked: one).answer.contains("one"))
    }

    @Test(
        "an invitation lasts more than nothing and at most thirty days",
        arguments: [
            TimeSpan.zero, .seconds(-1), .hours(30 * 24 + 1), .init(microseconds: .max),
        ]
    )
    func lifetimes(_ lifetime: TimeSpan) throws {
        var desk = JoinDesk()
        #expect(identityFailure { try invite(&desk, lifetime: lifetime) }?.kind == .badInvitation)
        #expect(desk.records.isEmpty)
    }

    @Test("when every place is taken, expired records go first, then used ones, and outstanding ones never")
    func bound() throws {
        var desk = JoinDesk()
        let tokens = try (0..<JoinDesk.capacity).map { index in
            try invite(&desk, lifetime: index == 7 || index == 9 ? .minutes(1) : .hours(1))
        }
        #expect(identityFailure { try invite(&desk) }?.kind == .badInvitation)
        #expect(throws: Never.self) { try desk.redeem(tokens[3], for: one, at: now) }
        let later = now.advanced(by: .minutes(2))
        let ids = try tokens.map { try JoinToken($0).id }
        for gone in [7, 9, 3] {
            #expect(desk.records.contains { $0.id == ids[gone] })
            _ = try invite(&desk, at: later)
            #expect(!desk.records.contains { $0.id == ids[gone] })
            #expect(desk.records.count == JoinDesk.capacity)
        }
        #expect(identityFailure { try invite(&desk, at: later) }?.kind == .badInvitation)
        #expect(refused(&desk, tokens[3], for: one, at: later) == .unknown)
        #expect(throws: Never.self) { try desk.redeem(tokens[0], for: one, at: later) }
    }

    @Test("an invitation can be withdrawn until it is used")
    func withdrawal() throws {
        var desk = JoinDesk()
        let (first, second) = (try invite(&desk), try invite(&desk))
        let isWithdrawn = desk.withdraw(id: try JoinToken(first).id)
        let isWithdrawnAgain = desk.withdraw(id: try JoinToken(first).id)
        #expect(isWithdrawn && !isWithdrawnAgain)
        #expect(refused(&desk, first, for: one) == .unknown)
        let record = try desk.redeem(second, for: one, at: now)
        let isWithdrawnAfterUse = desk.withdraw(id: record.id)
        #expect(!isWithdrawnAfterUse)
    }

    @Test("what is kept has no secret in it, and works after a restart")
    func kept() throws {
        var desk = JoinDesk()
        let (used, open) = (try invite(&desk, name: one), try invite(&desk))
        _ = try desk.redeem(used, for: one, at: now)
        let json = try JSONEncoder().encode(desk)
        let text = String(decoding: json, as: UTF8.self)
        for token in [used, open] { #expect(!text.contains(token.split(separator: "_")[2])) }
        var again = try JSONDecoder().decode(JoinDesk.self, from: json)
        #expect(again == desk)
        #expect(refused(&again, used, for: one) == .used(id: try JoinToken(used).id, at: now))
        #expect(throws: Never.self) { try again.redeem(open, for: two, at: now) }
    }

    private func invite(
        _ desk: inout JoinDesk,
        name: NodeName? = nil,
        tier: Tier? = nil,
        lifetime: TimeSpan = .hours(1),
        at time: Timestamp? = nil
    ) throws -> String {
        var random = SystemRandomNumberGenerator()
        let request = InvitationRequest(name: name, tier: tier ?? edge, lifetime: lifetime)
        return try desk.invite(request, authority: authority, at: time ?? now, using: &random).token.text
    }

    private func refused(
        _ desk: inout JoinDesk,
        _ text: String,
        for name: NodeName,
        tier: Tier? = nil,
        at time: Timestamp? = nil
    ) -> JoinRefusal? {
        do throws(JoinRefusal) {
            _ = try desk.redeem(text, for: name, tier: tier, at: time ?? now)
            return nil
        } catch {
            return error
        }
    }
}
