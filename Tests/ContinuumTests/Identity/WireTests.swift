import Continuum
import Domain
import Foundation
import Testing

@Suite("What nodes send to join and to renew")
struct WireTests {
    @Test("each text has the fields that it should have")
    func fields() throws {
        let peer = JoinPeer(name: try NodeName("a"), address: "https://10.0.0.1:8443")
        let request = JoinRequest(
            token: "t",
            name: try NodeName("b"),
            tier: try Tier("edge"),
            site: try Site("x"),
            request: "csr",
            address: "https://10.0.0.2:8443"
        )
        #expect(try keys(request) == ["address", "name", "request", "site", "tier", "token"])
        let answer = JoinAnswer(certificate: "c", authority: "ca", founder: peer, peers: [peer])
        #expect(try keys(answer) == ["authority", "certificate", "founder", "peers"])
        #expect(try keys(RenewRequest(request: "csr")) == ["request"])
        #expect(try keys(RenewAnswer(certificate: "c")) == ["certificate"])
        #expect(try keys(AuthorityAnswer(name: NodeName("a"), authority: "ca")) == ["authority", "name"])
        #expect(try JSONDecoder().decode(JoinRequest.self, from: JSONEncoder().encode(request)) == request)
        #expect(try JSONDecoder().decode(JoinAnswer.self, from: JSONEncoder().encode(answer)) == answer)
    }

    @Test("tier, site and address may be left out")
    func optional() throws {
        let json = Data(#"{"token":"t","name":"b","request":"csr"}"#.utf8)
        let request = try JSONDecoder().decode(JoinRequest.self, from: json)
        #expect(request.tier == nil && request.site == nil && request.address == nil)
    }

    @Test("a name that is none is refused", arguments: ["", "A", "a/b", "a.node", "a?tier=cloud"])
    func names(_ name: String) {
        let json = Data(#"{"token":"t","name":"\#(name)","request":"csr"}"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(JoinRequest.self, from: json) }
    }

    private func keys(_ value: some Encodable) throws -> [String] {
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(value)) as? [String: Any]
        return try #require(object).keys.sorted()
    }
}
