import Domain
import Gateway
import Testing

struct AddressTests {
    @Test(
        "callbacks never go to what is not public, in whatever form it is written",
        arguments: [
            "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "fe80::1", "fc00::1", "fd12::1", "ff02::1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1",
        ]
    )
    func refused(_ text: String) throws {
        let address = try #require(AddressBytes.parse(text))
        #expect(!AddressPolicy(allowed: []).permits(address))
    }

    @Test("public addresses are fine", arguments: ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"])
    func permitted(_ text: String) throws {
        #expect(AddressPolicy(allowed: []).permits(try #require(AddressBytes.parse(text))))
    }

    @Test("the operator may allow a network, and only that")
    func allowed() throws {
        let policy = AddressPolicy(allowed: [try AddressRange("10.1.0.0/16")])
        #expect(policy.permits(try #require(AddressBytes.parse("10.1.2.3"))))
        #expect(policy.permits(try #require(AddressBytes.parse("::ffff:10.1.2.3"))))
        #expect(!policy.permits(try #require(AddressBytes.parse("10.2.0.1"))))
    }

    @Test("refuses what is no network", arguments: ["", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/8/8", "name"])
    func badRanges(_ raw: String) {
        #expect(throws: Invalid.self) { try AddressRange(raw) }
    }

    @Test(
        "takes callback URLs apart",
        arguments: [
            ("http://example.org", "example.org", 80, "/"), ("https://example.org/a?b", "example.org", 443, "/a?b"),
            ("http://example.org:8080?x", "example.org", 8080, "/?x"), ("http://[::1]:9/x", "::1", 9, "/x"),
        ] as [(String, String, Int, String)]
    )
    func targets(raw: String, host: String, port: Int, target: String) throws {
        let parsed = try CallbackTarget(raw)
        #expect(parsed.host == host && parsed.port == port && parsed.target == target)
    }

    @Test(
        "refuses URLs that could be read in two ways",
        arguments: [
            "", "example.org", "ftp://example.org", "http://", "http://a@b/", "http://a/#b", "http://a b/",
            "http://a:0/",
            "http://a:99999/", "http://[::1", "http://a\\b/", "http://a/\u{7f}",
        ]
    )
    func badTargets(_ raw: String) {
        #expect(throws: Invalid.self) { try CallbackTarget(raw) }
    }
}
