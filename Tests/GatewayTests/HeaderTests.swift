import Domain
import Gateway
import NIOHTTP1
import Testing

struct HeaderTests {
    @Test("a function sees neither hop-by-hop headers nor a token of the platform, but other credentials")
    func toFunction() {
        let token = "gdw_" + String(repeating: "a", count: 10) + "_" + String(repeating: "b", count: 64)
        let fields = [
            HeaderField("connection", "keep-alive"), HeaderField("te", "trailers"),
            HeaderField("authorization", "Bearer \(token)"),
            HeaderField("x-device", "7"),
        ]
        #expect(HeaderFilter.toFunction(fields) == [HeaderField("x-device", "7")])
        let basic = [HeaderField("authorization", "Basic dTpw")]
        #expect(HeaderFilter.toFunction(basic) == basic)
    }

    @Test(
        "a function cannot forge the node's headers, nor begin another answer",
        arguments: [
            HeaderField("x-call-id", "1"), HeaderField("godwit-node", "x"), HeaderField("content-length", "5"),
            HeaderField("transfer-encoding", "chunked"), HeaderField("connection", "close"), HeaderField("", "x"),
            HeaderField("bad name", "x"), HeaderField("x", "a\r\nSet-Cookie: b"), HeaderField("x\r\ny", "a"),
            HeaderField("x", "a\u{0}b"),
        ]
    )
    func forged(_ field: HeaderField) {
        #expect(!HeaderFilter.passesToCaller(field))
    }

    @Test("other headers pass", arguments: [HeaderField("content-type", "text/plain"), HeaderField("x-own", "ä\tb")])
    func passes(_ field: HeaderField) {
        #expect(HeaderFilter.passesToCaller(field))
    }

    @Test("tokens are long, differ, and are recognised by their form")
    func tokens() throws {
        var random = SystemRandomNumberGenerator()
        let token = TokenText.make(using: &random)
        let other = TokenText.make(using: &random)
        #expect(token.text != other.text && token.id != other.id)
        #expect(TokenText(token.text)?.hash == token.hash)
        #expect(TokenText(authorization: "bearer \(token.text)")?.id == token.id)
        #expect(TokenText(authorization: "Basic \(token.text)") == nil)
        #expect(TokenText(token.text + "0") == nil)
        #expect(ConstantTime.areEqual(token.hash, token.hash) && !ConstantTime.areEqual(token.hash, other.hash))
    }

    @Test(
        "requests that two parties could read differently are refused",
        arguments: [
            ([("content-length", "1"), ("transfer-encoding", "chunked")], 400),
            ([("content-length", "1"), ("content-length", "1")], 400),
            ([("content-length", "-1")], 400), ([("transfer-encoding", "gzip")], 400), ([("host", "y")], 400),
            ([("content-length", "99999999999999")], 413), ([("content-length", "5")], nil), ([], nil),
        ] as [([(String, String)], Int?)]
    )
    func requestChecks(headers: [(String, String)], status: Int?) {
        let head = HTTPRequestHead(
            version: .http1_1,
            method: .POST,
            uri: "/function/x",
            headers: HTTPHeaders([("host", "x")] + headers)
        )
        #expect(RequestCheck.problem(with: head, limits: GatewayLimits())?.status == status)
    }
}
