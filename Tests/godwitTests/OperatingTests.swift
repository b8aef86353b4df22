import ArgumentParser
import Commands
import Domain
import Testing

@Suite("Operating commands")
struct OperatingTests {
    @Test("secrets come from standard input, without the line end")
    func secrets() async throws {
        try await FakeNode.with({ _ in .init(status: 204) }) { node, url in
            let set = try await perform(SecretsSetCommand.self, "API_KEY", "--url", url, input: "s3cret\r\n")
            #expect(set.code == 0)
            #expect(node.requests.last?.line == "PUT /v1/secrets/API_KEY")
            #expect(node.requests.last?.text == "s3cret")
            #expect(!(set.output + set.errors).contains("s3cret"))
            let both = try await perform(
                SecretsSetCommand.self,
                "API_KEY",
                "--tiers",
                "edge, cloud",
                "--url",
                url,
                input: "s3cret"
            )
            #expect(both.code == 0 && both.errors.contains("edge,cloud"))
            #expect(node.requests.last?.line == "PUT /v1/secrets/API_KEY?tiers=edge,cloud")
            #expect(throws: (any Error).self) { try SecretsSetCommand.parse(["API_KEY", "--tiers", "edge,"]) }
            #expect(try await perform(SecretsSetCommand.self, "API_KEY", "--url", url, input: "\n").code == 1)
        }
    }

    @Test("a new token alone goes to standard output")
    func tokens() async throws {
        let answer = """
            {"token":"gw_abc","info":{"id":"abc","scopes":["invoke"],"note":"n","created":"2026-01-31T12:00:00.000000Z"}}
            """
        try await FakeNode.with({ _ in .json(answer, status: 201) }) { node, url in
            let result = try await perform(
                TokensCreateCommand.self,
                "--scope",
                "invoke",
                "--function",
                "f",
                "--expires",
                "30d",
                "--url",
                url
            )
            #expect(result.output == "gw_abc\n")
            #expect(result.errors.contains("not shown again"))
            #expect(node.requests.last?.text.contains(#""functions":["f"]"#) == true)
            #expect(node.requests.last?.text.contains(#""lifetime":"720h""#) == true)
        }
    }

    @Test("functions are listed as a table or as the node's JSON")
    func functions() async throws {
        let spec = FunctionSpec(name: try FunctionName("greet"), runtime: .swift, handler: "greet")
        let version = FunctionVersion(
            number: .first,
            digest: try Digest(String(repeating: "a", count: 64)),
            spec: spec,
            bundleSize: 2048,
            published: Timestamp(microseconds: 1_769_857_200_000_000)
        )
        let alias = Alias(
            name: try AliasName("live"),
            version: .first,
            split: try .init(version: .first.next, share: 0.1)
        )
        let function = try #require(PublishedFunction(name: spec.name, versions: [version], aliases: [alias]))
        let one = try JSON.text(function)
        let list = try JSON.text(FunctionList(functions: [function]))
        try await FakeNode.with({ $0.line == "GET /v1/functions" ? .json(list) : .json(one) }) { _, url in
            let table = try await perform(FunctionsListCommand.self, "--url", url)
            #expect(
                table.output == """
                    NAME   VERSION  RUNTIME  ALIASES           SIZE  PUBLISHED
                    greet        1  swift    live=1/2:10%  2.00 KiB  60 min ago

                    """
            )
            #expect(try await perform(FunctionsListCommand.self, "--json", "--url", url).output == list + "\n")
            let shown = try await perform(FunctionsShowCommand.self, "greet", "--url", url)
            #expect(shown.output.contains("runtime      swift"))
            #expect(shown.output.contains("sha256:aaaaaaaaaaaa"))
        }
    }

    @Test("aliases are set with a share")
    func alias() async throws {
        try await FakeNode.with({ _ in .json(#"{"name":"live","version":3,"split":{"version":4,"share":0.1}}"#) }) {
            node,
            url in
            let set = try await perform(AliasSetCommand.self, "f", "live", "3", "--split", "4=0.1", "--url", url)
            #expect(set.output == "f:live=3/4:10%\n")
            #expect(node.requests.last?.line == "PUT /v1/functions/f/aliases/live")
            let body = try #require(node.requests.last?.body)
            let target = AliasTarget(
                version: .first.next.next,
                split: try .init(version: .first.next.next.next, share: 0.1)
            )
            #expect(try JSON.value(AliasTarget.self, body) == target)
        }
        for arguments in [["f", "3", "3"], ["f", "live", "0"], ["f", "live", "3", "--split", "4=2"]] {
            #expect(throws: (any Error).self) { try AliasSetCommand.parse(arguments) }
        }
    }

    @Test("logs are shown line by line")
    func logs() async throws {
        let entry = """
            {"time":"2026-01-31T12:00:00.250000Z","function":"f","version":1,"stream":"log","level":"warning",\
            "message":"careful\\u001b[2J"}
            """
        try await FakeNode.with({ _ in .init(body: entry + "\n" + entry) }) { node, url in
            let shown = try await perform(LogsCommand.self, "f", "-n", "5", "--url", url, asTerminal: true)
            let line = "2026-01-31 12:00:00.250 WARNING careful^[[2J\n"
            #expect(shown.output == line + line)
            #expect(node.requests.last?.line == "GET /v1/functions/f/logs?limit=5")
        }
    }

    @Test("what is no Godwit node is said to be none, and its text is not obeyed")
    func strangers() async throws {
        try await FakeNode.with({ _ in .json("[]") }) { _, url in
            let result = try await perform(NodesListCommand.self, "--url", url)
            #expect(result.errors.contains("not understood"))
        }
        try await FakeNode.with({ _ in .init(status: 418) }) { _, url in
            let result = try await perform(NodesListCommand.self, "--url", url)
            #expect(result.errors.contains("418"))
        }
        try await FakeNode.with({ _ in .problem("x", status: 409, origin: "platform") }) { _, url in
            let result = try await perform(FunctionsDeleteCommand.self, "f:3", "--url", url)
            #expect(result.code == 1)
            #expect(result.errors.contains("A title: the detail"))
        }
    }
}
