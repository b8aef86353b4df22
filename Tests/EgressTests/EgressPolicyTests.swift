import Domain
import Egress
import Testing

private func policy(_ rules: [String], opened: [String] = []) throws -> EgressPolicy {
    EgressPolicy(
        rules: try rules.map { text throws(Invalid) in try EgressRule(text) },
        opened: try opened.map { text throws(Invalid) in try IPNetwork(text) }
    )
}

private func denial(_ body: () throws(EgressError) -> Void) -> EgressError? {
    do {
        try body()
        return nil
    } catch {
        return error
    }
}

struct EgressPolicyTests {
    @Test(
        "a URL is allowed where a rule names its host, scheme and port",
        arguments: [
            (["api.example.org"], "https://api.example.org/a?b#c"),
            (["api.example.org"], "HTTPS://API.example.org:443"),
            (["http://a.org"], "http://a.org"), (["a.org:8443"], "https://a.org:8443/"),
            (["*.example.org"], "https://a.example.org"), (["*.example.org"], "https://a.b.example.org"),
            (["10.0.0.0/8"], "https://10.1.2.3"), (["http://127.0.0.1:8080"], "http://127.0.0.1:8080/x"),
            (["[fd00::]/8"], "https://[fd00::5]"), (["127.0.0.1"], "https://[::ffff:127.0.0.1]"),
        ]
    )
    func allows(rules: [String], url: String) throws {
        try policy(rules).check(EgressURL(url))
    }

    @Test(
        "any other is denied, and it is said what is missing",
        arguments: [
            ([], "https://a.org", "host a.org is not in the function's egress list; add it to function.yaml"),
            (["a.org"], "http://a.org", "http://a.org:80 is not in the function's egress list, which has 'a.org'"),
            (["a.org"], "https://a.org:444", "which has 'a.org' (https on port 443)"),
            (["a.org"], "https://b.a.org", "host b.a.org is not"), (["a.org"], "https://xa.org", "host xa.org is not"),
            (["*.example.org"], "https://example.org", "host example.org is not"),
            (["*.example.org"], "https://xexample.org", "host xexample.org is not"),
            (["*.example.org"], "https://a.example.org.evil.org", "evil.org is not"),
            (["10.0.0.0/8"], "https://11.0.0.1", "host 11.0.0.1 is not"),
            (["10.0.0.0/8"], "https://internal.example.org", "host internal.example.org is not"),
            (["localhost"], "https://127.0.0.1", "host 127.0.0.1 is not"),
        ] as [([String], String, String)]
    )
    func denies(rules: [String], url: String, reason: String) throws {
        let (policy, url) = (try policy(rules), try EgressURL(url))
        let error = denial { () throws(EgressError) in try policy.check(url) }
        #expect(error?.code == .denied)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "allowed")")
    }

    @Test("a public address needs no listing of its own")
    func publicAddress() throws {
        try policy(["a.org"]).check(try #require(IPAddress("8.8.8.8")), for: EgressURL("https://a.org"))
    }

    @Test(
        "any other address is refused, however it is written",
        arguments: [
            "127.0.0.1", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::", "10.0.0.1", "169.254.169.254", "fd00:ec2::254",
            "192.168.1.1", "100.64.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1", "224.0.0.1", "::7f00:1",
            "255.255.255.255", "2001:db8::1",
        ]
    )
    func refusesAddress(text: String) throws {
        let policy = try policy(["a.org", "*.a.org"], opened: ["::/0"])
        let (address, url) = (try #require(IPAddress(text)), try EgressURL("https://a.org"))
        let error = denial { () throws(EgressError) in try policy.check(address, for: url) }
        #expect(error?.code == .address)
        #expect(error?.message.contains("a.org is at \(address)") == true, "\(error?.message ?? "allowed")")
    }

    @Test("a private address is reached where the function lists it and the operator has opened it")
    func listed() throws {
        let address = try #require(IPAddress("10.1.2.3"))
        let url = try EgressURL("http://sensor.local:8080")
        let rules = ["http://sensor.local:8080", "http://10.1.0.0/16:8080"]
        try policy(rules, opened: ["10.0.0.0/8"]).check(address, for: url)
        let closed = try policy(rules)
        #expect(
            denial { () throws(EgressError) in try closed.check(address, for: url) }?.message
                .contains("not open on this node; its operator can name it in egress.networks") == true
        )
        // The port and the scheme count for addresses too.
        let other = try EgressURL("http://sensor.local:8081")
        let open = try policy(rules + ["http://sensor.local:8081"], opened: ["10.0.0.0/8"])
        #expect(
            denial { () throws(EgressError) in try open.check(address, for: other) }?.message
                .contains("add http://10.1.2.3:8081 to function.yaml") == true
        )
    }

    @Test("metadata is only reached where it is named alone, on both sides")
    func metadata() throws {
        let address = try #require(IPAddress("169.254.169.254"))
        let url = try EgressURL("http://169.254.169.254/latest")
        let wide = "http://169.254.0.0/16"
        let exact = "http://169.254.169.254"
        try policy([exact], opened: ["169.254.169.254"]).check(address, for: url)
        for (rule, network) in [(wide, "169.254.169.254"), (exact, "169.254.0.0/16"), (wide, "::/0")] {
            let policy = try policy([rule], opened: [network])
            try policy.check(url)
            #expect(denial { () throws(EgressError) in try policy.check(address, for: url) }?.code == .address)
        }
    }

    @Test("some addresses no listing opens", arguments: ["0.0.0.0", "224.0.0.1", "ff02::1", "::"])
    func never(text: String) throws {
        let address = try #require(IPAddress(text))
        let url = try EgressURL(address.version4 == nil ? "https://[\(text)]" : "https://\(text)")
        let policy = try policy(["::/0"], opened: ["::/0"])
        #expect(
            denial { () throws(EgressError) in try policy.check(address, for: url) }?.message
                .contains("no function may reach it") == true
        )
    }

    @Test(
        "a URL that is not plain is refused",
        arguments: [
            ("ftp://a.org", "https://"), ("//a.org", "https://"), ("https://u@a.org", "a user in it"),
            ("https://u:p@a.org", "a user in it"), ("https://", "names no host"), ("https:///x", "names no host"),
            ("https://a.org:0", "port"), ("https://a.org:99999", "port"), ("https://a.org:80x", "port"),
            ("https://a b", "percent-encoded"), ("https://a.org\\@b.org", "percent-encoded"),
            ("https://a.org/\r\nX: y", "percent-encoded"), ("https://ä.org", "percent-encoded"),
            ("https://127.1", "names no host"), ("https://0x7f.0.0.1", "names no host"),
            ("https://2130706433", "names no host"), ("https://0177.0.0.1", "names no host"),
            ("https://[::1", "IPv6"), ("https://[fe80::1%25eth0]", "IPv6"),
            ("https://%31%32%37.0.0.1", "names no host"),
            ("https://a.org.", "names no host"), ("https://a.org:80:90", "port"),
        ]
    )
    func urls(raw: String, reason: String) {
        let error = denial { () throws(EgressError) in _ = try EgressURL(raw) }
        #expect(error?.code == .request)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "parsed")")
    }

    @Test("a URL is called in one form, without its fragment")
    func canonical() throws {
        #expect(try EgressURL("HTTPS://A.org?q=1#f").text == "https://a.org:443/?q=1")
        #expect(try EgressURL("http://[::FFFF:1.2.3.4]/%2e%2e/").text == "http://1.2.3.4:80/%2e%2e/")
        #expect(try EgressURL("http://[FD00::1]:8080").text == "http://[fd00::1]:8080/")
    }
}
