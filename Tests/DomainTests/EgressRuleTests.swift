import Domain
import Testing

struct EgressRuleTests {
    @Test(
        "an entry means what it says, and its text means the same",
        arguments: [
            ("api.example.org", EgressScheme.https, UInt16(443), "api.example.org"),
            ("API.Example.ORG", .https, 443, "api.example.org"),
            ("http://api.example.org", .http, 80, "http://api.example.org"),
            ("https://api.example.org:443", .https, 443, "api.example.org"),
            ("api.example.org:8443", .https, 8443, "api.example.org:8443"),
            ("*.example.org", .https, 443, "*.example.org"),
            ("HTTP://*.a.example.org:81", .http, 81, "http://*.a.example.org:81"),
            ("localhost", .https, 443, "localhost"),
            ("10.0.0.7", .https, 443, "10.0.0.7"),
            ("http://127.0.0.1:8080", .http, 8080, "http://127.0.0.1:8080"),
            ("10.0.0.0/8", .https, 443, "10.0.0.0/8"),
            ("http://10.0.0.0/8:8080", .http, 8080, "http://10.0.0.0/8:8080"),
            ("[fd00::1]:8443", .https, 8443, "[fd00::1]:8443"),
            ("fd00::1", .https, 443, "[fd00::1]"),
            ("[fd00::]/8", .https, 443, "[fd00::]/8"),
            ("fd00::/8", .https, 443, "[fd00::]/8"),
            ("[fd00::]/8:444", .https, 444, "[fd00::]/8:444"),
            ("[::ffff:10.0.0.7]", .https, 443, "10.0.0.7"),
        ]
    )
    func parses(raw: String, scheme: EgressScheme, port: UInt16, text: String) throws {
        let rule = try EgressRule(raw)
        #expect(rule.scheme == scheme)
        #expect(rule.port == port)
        #expect(rule.text == text)
        #expect(try EgressRule(rule.text) == rule)
    }

    @Test(
        "what is wrong is said, with what would be right",
        arguments: [
            ("ftp://example.org", "neither https nor http"), ("https://example.org/path", "has a path"),
            ("user@example.org", "has a user in it"), ("*", "too wide"), ("*.org", "too wide"),
            ("a.*.example.org", "is no name"), ("*.*.example.org", "too wide"), ("", "names no host"),
            ("https://", "names no host"), ("example.org:0", "no port"), ("example.org:70000", "no port"),
            ("example.org:+80", "no port"), ("exa mple.org", "is no name"), ("-a.org", "is no name"),
            ("a..org", "is no name"), ("münchen.de", "punycode"), ("127.1", "neither a name nor an address"),
            ("2130706433", "neither a name nor an address"), ("0x7f000001", "neither a name nor an address"),
            ("010.0.0.1", "neither a name nor an address"), ("10.0.0.1/8", "write 10.0.0.0/8"),
            ("10.0.0.0/33", "no prefix length of 0 to 32"), ("[fd00::1", "not closed"), ("[fd00::1]x", "is not like"),
            ("fe80::1%eth0", "is no name"), ("[example.org]:1", "is not like"),
        ]
    )
    func refuses(raw: String, reason: String) throws {
        let error = #expect(throws: Invalid.self) { try EgressRule(raw) }
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "no error")")
    }

    @Test(
        "addresses are read and written",
        arguments: [
            ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::", "::"), ("::1", "::1"),
            ("2001:DB8::0:1", "2001:db8::1"), ("2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1"),
            ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("::ffff:1.2.3.4", "1.2.3.4"), ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
            ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"), ("fe80::", "fe80::"),
        ]
    )
    func addresses(raw: String, text: String) throws {
        let address = try #require(IPAddress(raw))
        #expect(address.description == text)
        #expect(IPAddress(bytes: address.bytes) == address)
        #expect(IPAddress(text) == address)
    }

    @Test(
        "what is no address is none",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.+4", ":", ":::", "1::2::3", "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9", "12345::", "g::", "::1%lo", "1:2:3:4:5:6:7::8:9", "::1.2.3", "1.2.3.4::", "+1::",
        ]
    )
    func noAddress(raw: String) { #expect(IPAddress(raw) == nil) }

    @Test("a network holds its addresses, in either form of IPv4")
    func networks() throws {
        let network = try IPNetwork("10.0.0.0/8")
        #expect(network.contains(try #require(IPAddress("10.255.0.1"))))
        #expect(network.contains(try #require(IPAddress("::ffff:10.1.2.3"))))
        #expect(!network.contains(try #require(IPAddress("11.0.0.0"))))
        #expect(try IPNetwork("::ffff:10.0.0.0/104") == network)
        let everything = try IPNetwork("::/0")
        #expect(everything.contains(try #require(IPAddress("fe80::1"))))
        #expect(try IPNetwork("fe80::/10").contains(try #require(IPAddress("febf::1"))))
        #expect(try !IPNetwork("fe80::/10").contains(try #require(IPAddress("fec0::1"))))
    }

    @Test("the first requests of a call are kept, all are counted")
    func use() {
        var use = EgressUse()
        for index in 0..<40 {
            use.add(
                EgressRequest(method: "GET", scheme: .https, host: "h\(index)", port: 443, bytesUp: 1, bytesDown: 2)
            )
        }
        #expect(use.requests.map(\.host) == (0..<32).map { "h\($0)" })
        #expect(use.count == 40 && use.bytesUp == 40 && use.bytesDown == 80)
    }
}
