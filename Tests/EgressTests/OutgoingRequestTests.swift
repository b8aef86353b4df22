import Domain
import Egress
import FunctionKit
import Testing

private typealias Field = FunctionKit.HeaderField

struct OutgoingRequestTests {
    private static func policy(_ rules: String...) throws -> EgressPolicy {
        EgressPolicy(rules: try rules.map { text throws(Invalid) in try EgressRule(text) }, opened: [])
    }

    private static func request(
        _ method: String = "GET",
        _ url: String = "https://a.org/x",
        body: UInt64 = 0,
        headers: [FunctionKit.HeaderField] = [],
        follows: Bool = true
    ) throws -> OutgoingRequest {
        let head = FetchHead(method: method, url: url, followsRedirects: follows, bodyLength: body, headers: headers)
        return try OutgoingRequest(head, limits: EgressLimits())
    }

    @Test(
        "requests that would not be what they seem are refused",
        arguments: [
            (FetchHead(method: "CONNECT", url: "https://a.org"), EgressError.Code.request),
            (FetchHead(method: "get", url: "https://a.org"), .request),
            (FetchHead(method: "GET /x HTTP/1.1\r\n", url: "https://a.org"), .request),
            (FetchHead(method: "GET", url: "https://a.org", bodyLength: 1), .request),
            (FetchHead(method: "PUT", url: "https://a.org", bodyLength: 1 << 40), .size),
            (FetchHead(method: "GET", url: "https://a.org", headers: [Field("Host", "b.org")]), .request),
            (FetchHead(method: "GET", url: "https://a.org", headers: [Field("content-LENGTH", "1")]), .request),
            (FetchHead(method: "GET", url: "https://a.org", headers: [Field("Transfer-Encoding", "x")]), .request),
            (FetchHead(method: "GET", url: "https://a.org", headers: [Field("A: b\r\nC", "d")]), .request),
            (FetchHead(method: "GET", url: "https://a.org", headers: [Field("A", "b\r\nC: d")]), .request),
            (FetchHead(method: "GET", url: "https://a.org", headers: [Field("", "b")]), .request),
            (
                FetchHead(
                    method: "GET",
                    url: "https://a.org",
                    headers: [Field("A", String(repeating: "x", count: 40_000))]
                ), .size
            ),
            (
                FetchHead(method: "GET", url: "https://a.org", headers: Array(repeating: Field("A", "b"), count: 65)),
                .size
            ),
            (FetchHead(method: "GET", url: "https://a.org/" + String(repeating: "x", count: 9000)), .request),
        ]
    )
    func refuses(head: FetchHead, code: EgressError.Code) {
        let error = #expect(throws: EgressError.self) { try OutgoingRequest(head, limits: EgressLimits()) }
        #expect(error?.code == code)
    }

    @Test(
        "which answers lead on, and as what",
        arguments: [
            (301, "GET", 0, "GET"), (302, "HEAD", 0, "HEAD"), (301, "POST", 5, "GET"), (302, "POST", 0, "GET"),
            (303, "POST", 5, "GET"), (303, "PUT", 5, "GET"), (303, "HEAD", 0, "HEAD"), (307, "GET", 0, "GET"),
            (308, "DELETE", 0, "DELETE"), (307, "POST", 0, "POST"), (307, "POST", 5, nil), (308, "PUT", 1, nil),
            (301, "PUT", 5, nil), (302, "PATCH", 5, nil), (300, "GET", 0, nil), (304, "GET", 0, nil),
            (200, "GET", 0, nil), (305, "GET", 0, nil),
        ] as [(Int, String, UInt64, String?)]
    )
    func methods(status: Int, method: String, body: UInt64, then: String?) throws {
        let request = try Self.request(method, body: body)
        let next = try request.next(status, location: "https://a.org/y", policy: Self.policy("a.org"))
        if case .follow(let following) = next {
            #expect(following.method == then)
            #expect(following.bodyLength == 0 && following.url.target == "/y" && following.redirects == 1)
        } else {
            #expect(then == nil)
        }
        #expect(request.leadsOn(status) == (then != nil))
    }

    @Test("nothing leads on for who does not want it")
    func unwanted() throws {
        let request = try Self.request(follows: false)
        #expect(try request.next(302, location: "https://a.org/y", policy: Self.policy("a.org")) == .answer)
    }

    @Test(
        "credentials stay with their origin",
        arguments: [
            ("https://a.org/y", true), ("https://a.org:443/y", true), ("https://b.org/y", false),
            ("https://a.org:444/y", false),
        ]
    )
    func credentials(location: String, keeps: Bool) throws {
        let headers = [Field("Authorization", "s"), Field("COOKIE", "s"), Field("Accept", "*/*")]
        let policy = try Self.policy("a.org", "b.org", "a.org:444")
        guard case .follow(let next) = try Self.request(headers: headers).next(302, location: location, policy: policy)
        else {
            Issue.record("it was not followed")
            return
        }
        #expect(next.headers.map(\.name) == (keeps ? ["Authorization", "COOKIE", "Accept"] : ["Accept"]))
    }

    @Test(
        "each hop is checked again",
        arguments: [
            ("http://a.org/", EgressError.Code.redirect, "from https to http"),
            ("https://b.org", .denied, "host b.org"),
            ("http://169.254.169.254/latest", .redirect, "from https to http"),
            ("https://169.254.169.254/latest", .denied, "host 169.254.169.254"),
            ("https://127.0.0.1", .denied, "host 127.0.0.1"), ("file:///etc/passwd", .redirect, "where nobody can go"),
            ("gopher://a.org", .redirect, "where nobody can go"), ("https://u:p@a.org", .redirect, "a user in it"),
        ]
    )
    func hops(location: String, code: EgressError.Code, reason: String) throws {
        let policy = try Self.policy("a.org", "http://a.org")
        let request = try Self.request()
        let error = #expect(throws: EgressError.self) { try request.next(302, location: location, policy: policy) }
        #expect(error?.code == code)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test("five redirects are followed, not a sixth; http may become https")
    func many() throws {
        let policy = try Self.policy("http://a.org", "a.org")
        var request = try Self.request("GET", "http://a.org")
        for _ in 0..<5 {
            guard case .follow(let next) = try request.next(302, location: "https://a.org", policy: policy) else {
                Issue.record("it was not followed")
                return
            }
            request = next
        }
        let last = request
        let error = #expect(throws: EgressError.self) { try last.next(302, location: "https://a.org", policy: policy) }
        #expect(error?.code == .redirect)
    }

    @Test("only so many are made at once")
    func gate() throws {
        var limits = EgressLimits()
        (limits.atOnce, limits.atOnceOfFunction) = (3, 2)
        var gate = RequestGate(limits: limits)
        try gate.enter("a")
        try gate.enter("a")
        #expect(throws: EgressError.self) { try gate.enter("a") }
        try gate.enter("b")
        #expect(throws: EgressError.self) { try gate.enter("c") }
        gate.leave("a")
        gate.leave("nobody")
        try gate.enter("c")
        #expect(gate.count == 3)
    }

    @Test("what goes between node and broker comes back as it was")
    func wire() throws {
        let request = BrokerRequest(
            function: "f",
            rules: [try EgressRule("*.a.org"), try EgressRule("http://10.0.0.0/8:8080")],
            microseconds: 5,
            head: FetchHead(method: "PUT", url: "https://a.org", bodyLength: 7, headers: [Field("A", "b")])
        )
        var bytes: [UInt8] = []
        request.encode(to: &bytes)
        #expect(try BrokerRequest(decoding: bytes.span) == request)
        for length in 0..<bytes.count {
            let part = Array(bytes[..<length])
            #expect(throws: FrameError.self) { try BrokerRequest(decoding: part.span) }
        }
        let report = FetchReport(
            EgressRequest(
                method: "GET",
                scheme: .http,
                host: "h",
                port: 8,
                address: "10.0.0.1",
                status: 204,
                bytesUp: 1,
                bytesDown: 2,
                nanoseconds: 3,
                error: nil
            )
        )
        bytes = []
        report.encode(to: &bytes)
        #expect(try FetchReport(decoding: bytes.span) == report)
        for length in 0..<bytes.count {
            let part = Array(bytes[..<length])
            #expect(throws: FrameError.self) { try FetchReport(decoding: part.span) }
        }
    }
}
