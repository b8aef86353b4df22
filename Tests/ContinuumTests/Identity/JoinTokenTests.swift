import Continuum
import Crypto
import Domain
import Testing

@Suite("Join tokens")
struct JoinTokenTests {
    @Test("a token is read back as it was made")
    func roundTrip() throws {
        let authority = try IdentityFixture().authority.certificate
        var random = SystemRandomNumberGenerator()
        let token = JoinToken.make(for: authority, using: &random)
        let again = try JoinToken(token.text)
        #expect(again == token)
        #expect(again.fingerprint == authority.fingerprint)
        #expect(again.hash == SHA256.hash(data: Array(token.text.utf8)).hex)
        let fields = token.text.split(separator: "_")
        #expect(fields.map(\.count) == [3, 10, 64, 64])
        #expect(fields[0] == "gdj" && fields[1] == token.id && fields[3] == authority.fingerprint)
    }

    @Test("no two tokens are alike")
    func distinct() throws {
        let authority = try IdentityFixture().authority.certificate
        var random = SystemRandomNumberGenerator()
        let tokens = (0..<100).map { _ in JoinToken.make(for: authority, using: &random) }
        #expect(Set(tokens.map(\.text)).count == 100)
        #expect(Set(tokens.map { $0.text.split(separator: "_")[2] }).count == 100)
    }

    @Test("its description has no secret in it")
    func description() throws {
        var random = SystemRandomNumberGenerator()
        let token = JoinToken.make(for: try IdentityFixture().authority.certificate, using: &random)
        let secret = token.text.split(separator: "_")[2]
        #expect(!"\(token) \(String(reflecting: token))".contains(secret))
        let request = JoinRequest(token: token.text, name: try NodeName("a"), site: nil, request: "", address: nil)
        #expect(!"\(request) \(String(reflecting: request))".contains(secret))
    }

    @Test("what is not exactly a token is refused, and the error does not repeat it")
    func strict() throws {
        var random = SystemRandomNumberGenerator()
        let good = JoinToken.make(for: try IdentityFixture().authority.certificate, using: &random).text
        var bad = (0..<good.count).map { String(good.prefix($0)) }
        bad += [good + "0", " " + good.dropFirst(), good + "\n", good.uppercased(), "gdw_" + good.dropFirst(4)]
        bad += ["gdj_" + String(repeating: "_", count: good.count - 4), "gdj-" + good.dropFirst(4)]
        bad.append(String(good.dropLast()) + "g")
        bad.append(String(good.dropLast(2)) + "é")
        // The same length, with an underscore in another place.
        bad.append(
            "gdj_" + String(repeating: "0", count: 11) + "_" + String(repeating: "0", count: 63) + good.suffix(65)
        )
        for text in bad {
            let error = identityFailure { try JoinToken(text) }
            #expect(error?.kind == .badToken)
            #expect(
                error?.description == "the text is no join token; copy the whole token, "
                    + "from gdj_ to its last digit: it has 144 characters"
            )
        }
    }

    @Test("a token trusts the authority that made it and no other founder's")
    func founders() throws {
        let (one, two) = (try IdentityFixture().authority, try IdentityFixture().authority)
        var random = SystemRandomNumberGenerator()
        let token = JoinToken.make(for: one.certificate, using: &random)
        #expect(throws: Never.self) { try token.check(one.certificate) }
        #expect(identityFailure { try token.check(two.certificate) }?.kind == .wrongAuthority)
    }
}
