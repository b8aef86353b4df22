import Domain
import Foundation
import Testing

/// Functions that call others: through the broker, to those they list, and to nobody else.
@Suite("Egress", .timeLimit(.minutes(5)))
struct EgressTests {
    private static let handler = """
        import socket
        def handle(event, context):
            url, _, rest = event.text.partition(" ")
            try:
                if rest == "post": answer = context.http.request("POST", url, body="abc" * 100000)
                elif rest == "quick": answer = context.http.get(url, timeout=0.5)
                elif rest == "token": answer = context.http.get(url, headers={"Authorization": "Bearer x"})
                elif rest == "stay": answer = context.http.request("GET", url, follow_redirects=False)
                elif rest == "many":
                    for _ in range(40): answer = context.http.get(url)
                elif rest == "socket": socket.create_connection(("127.0.0.1", int(url)), 1); return {"error": "none"}
                else: answer = context.http.get(url)
                return {"status": answer.status, "body": answer.text[:100], "size": len(answer.body)}
            except OSError as error: return {"error": "os"}
            except Exception as error: return {"error": getattr(error, "type", repr(error)), "body": str(error)}
        """

    private struct Said: Decodable {
        var status: Int?
        var body: String?
        var size: Int?
        var error: String?
    }

    private static func ask(_ node: TestNode, _ function: String, _ what: String) async throws -> Said {
        let answer = try await node.call(function, what)
        #expect(answer.status == 200, "\(what): \(answer.status) \(answer.text)")
        return try answer.json(Said.self)
    }

    /// A node whose operator has opened loopback, and names for it that no resolver knows.
    private static func run(
        as account: Account,
        more: String = "",
        _ body: (TestNode, WebServer) async throws -> Void
    ) async throws {
        let server = try WebServer()
        let hosts = NSTemporaryDirectory() + "hosts-\(UUID().uuidString.prefix(8))"
        try "127.0.0.1 good.test rebound.test\n::ffff:127.0.0.1 mapped.test\n".write(
            toFile: hosts,
            atomically: true,
            encoding: .utf8
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: hosts)
        let config = try Configuration.file("egress: {networks: [127.0.0.0/8], hosts: \(hosts)\(more)}\n")
        defer { for file in [config, hosts] { Configuration.remove(file) } }
        try await TestNode.run(as: account, options: ["--config", config]) { node in
            try await node.publishPython(
                "caller",
                handler,
                "egress: ['http://good.test:\(server.port)', 'http://127.0.0.1:\(server.port)']\ntimeout: 20s"
            )
            try await body(node, server)
        }
    }

    @Test("a listed host is reached, with bodies both ways, and is in the record", arguments: Account.available)
    func reached(_ account: Account) async throws {
        try await Self.run(as: account) { (node: TestNode, server: WebServer) async throws -> Void in
            let base = "http://good.test:\(server.port)"
            try await node.publishWorkingFunction(
                "egress: ['http://good.test:\(server.port)', 'http://127.0.0.1:\(server.port)']"
            )
            let swift = try await node.send(.POST, "/function/working?fetch=\(base)/hello")
            #expect(swift.status == 200 && swift.text == "fetched hello", "\(swift.text)")
            let hello = try await Self.ask(node, "caller", "\(base)/hello")
            #expect(hello.status == 200 && hello.body == "hello", "\(hello)")
            #expect(try await Self.ask(node, "caller", "\(base)/nothing").status == 404)
            let posted = try await Self.ask(node, "caller", "\(base)/x post")
            #expect(
                posted.status == 201 && posted.size == 300_000 && posted.body?.hasPrefix("cba") == true,
                "\(posted)"
            )
            let big = try await Self.ask(node, "caller", "\(base)/big?bytes=3000000")
            #expect(big.status == 200 && big.size == 3_000_000, "\(big)")

            let answer = try await node.call("caller", "\(base)/hello many")
            let id = try #require(answer.header("x-call-id"))
            let use = try await node.send(.GET, "/v1/executions/\(id)").json(ExecutionRecord.self).egress
            #expect(use?.count == 40 && use?.requests.count == EgressUse.kept && use?.bytesDown == 200)
            #expect(use?.requests.first?.host == "good.test" && use?.requests.first?.address == "127.0.0.1")
            #expect(use?.requests.first?.status == 200)
            let metrics = try await node.send(.GET, "/metrics").text
            #expect(metrics.contains("godwit_egress") && metrics.contains("function=\"caller\""))
        }
    }

    @Test(
        "what is not listed is not reached: by name, address, redirect, rebinding or mapping",
        arguments: Account.available
    )
    func refused(_ account: Account) async throws {
        try await Self.run(as: account) { (node: TestNode, server: WebServer) async throws -> Void in
            let port = server.port
            try await node.publishPython(
                "named",
                Self.handler,
                "egress: ['http://rebound.test:\(port)', 'http://mapped.test:\(port)']"
            )
            try await node.publishPython("alone", Self.handler)
            let cases: [(function: String, url: String, error: String)] = [
                ("caller", "http://other.test:\(port)/hello", "egress.denied"),
                ("caller", "https://good.test:\(port)/hello", "egress.denied"),
                ("caller", "http://good.test:1/hello", "egress.denied"),
                ("caller", "http://good.test.:\(port)@evil.test/hello", "egress.request"),
                ("caller", "ftp://good.test/hello", "egress.request"),
                ("caller", "file:///etc/passwd", "egress.request"),
                ("caller", "http://169.254.169.254/latest", "egress.denied"),
                ("caller", "http://good.test:\(port)/to?url=http://169.254.169.254/", "egress.denied"),
                ("caller", "http://good.test:\(port)/to?url=http://other.test/", "egress.denied"),
                ("caller", "http://good.test:\(port)/to?url=file:///etc/passwd", "egress.redirect"),
                (
                    "caller", "http://good.test:\(port)/to?url=/to?url=/to?url=/to?url=/to?url=/to?url=/to?url=/hello",
                    "egress.redirect"
                ),
                ("named", "http://rebound.test:\(port)/hello", "egress.address"),
                ("named", "http://mapped.test:\(port)/hello", "egress.address"),
                ("named", "http://127.0.0.1:\(port)/hello", "egress.denied"),
                ("named", "http://[::ffff:127.0.0.1]:\(port)/hello", "egress.denied"),
                ("named", "http://2130706433:\(port)/hello", "egress.request"),
                ("named", "http://0x7f.1:\(port)/hello", "egress.request"),
                ("alone", "http://good.test:\(port)/hello", "egress.denied"),
            ]
            for (function, url, error) in cases {
                let said = try await Self.ask(node, function, url)
                #expect(said.error == error, "\(function) \(url): \(said)")
            }
            // The way that is listed is not a way for sockets of its own.
            #expect(try await Self.ask(node, "caller", "\(port) socket").error == "os")
        }
    }

    @Test("size, time and a broken answer are bounded and told", arguments: Account.available)
    func bounded(_ account: Account) async throws {
        try await Self.run(as: account, more: ", responseBody: 1MiB") {
            (node: TestNode, server: WebServer) async throws -> Void in
            let base = "http://good.test:\(server.port)"
            #expect(try await Self.ask(node, "caller", "\(base)/big?bytes=3000000").error == "egress.size")
            #expect(try await Self.ask(node, "caller", "\(base)/slow quick").error == "egress.timeout")
            #expect(try await Self.ask(node, "caller", "\(base)/lie").error != nil)
            #expect(try await Self.ask(node, "caller", "\(base)/secret token").body == "Bearer x")
            let redirected = "\(base)/to?url=http://127.0.0.1:\(server.port)/secret token"
            #expect(try await Self.ask(node, "caller", redirected).body == "None", "a credential goes to another host")
            #expect(try await Self.ask(node, "caller", "\(base)/to?url=/hello stay").status == 302)
            #expect(try await Self.ask(node, "caller", "\(base)/hello").status == 200)
        }
    }

    @Test("a broker that dies is told, and another is there soon", arguments: Account.available)
    func recovers(_ account: Account) async throws {
        try await Self.run(as: account) { (node: TestNode, server: WebServer) async throws -> Void in
            let url = "http://good.test:\(server.port)/hello"
            #expect(try await Self.ask(node, "caller", url).status == 200)
            // The keeper is the node's child, the broker the keeper's.
            let keepers = Leftovers.children(of: node.pid).filter { Leftovers.name(of: $0) == "godwit-egress" }
            let brokers = keepers.flatMap { Leftovers.children(of: $0) }
            #expect(keepers.count == 1 && brokers.count == 1)
            async let slow = Self.ask(node, "caller", "http://good.test:\(server.port)/slow")
            try await Task.sleep(for: .milliseconds(500))
            for broker in brokers { kill(broker, SIGKILL) }
            #expect(try await slow.error == "egress.broker")
            try await awaitTrue("it is there again") { try await Self.ask(node, "caller", url).status == 200 }
        }
    }

    @Test("the other side's certificate must be of an authority that is trusted")
    func certificates() async throws {
        let data = try TestNode.makeFolder(for: .ordinary)
        let other = TestNode(account: .ordinary, data: data, options: ["--tls"])
        defer { try? FileManager.default.removeItem(atPath: data) }
        try await other.start()
        let authorities = NSTemporaryDirectory() + "authorities-\(UUID().uuidString.prefix(8))"
        try FileManager.default.copyItem(atPath: "\(data)/certificate.pem", toPath: authorities)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: authorities)
        defer { Configuration.remove(authorities) }
        let url = "https://localhost:\(other.port)/healthz"
        let manifest = "egress: ['https://localhost:\(other.port)', 'https://127.0.0.1:\(other.port)']"
        for (more, isTrusted) in [("", false), (", authorities: \(authorities)", true)] {
            try await Self.run(as: .ordinary, more: more) { (node: TestNode, _: WebServer) async throws -> Void in
                try await node.publishPython("secure", Self.handler, manifest)
                let said = try await Self.ask(node, "secure", url)
                if isTrusted {
                    #expect(said.status == 200 && said.body == "ok\n", "\(said)")
                } else {
                    #expect(said.error == "egress.tls", "\(said)")
                }
            }
        }
        try await other.stop()
    }
}
