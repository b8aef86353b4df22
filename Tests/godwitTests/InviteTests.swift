import ArgumentParser
import Commands
import Domain
import Testing

@Suite("godwit invite")
struct InviteTests {
    private static func answer(_ address: String, token: String = "gwj_aB3-x") throws -> String {
        let expires = Timestamp(microseconds: Sample.now.microseconds + 7_200_000_000)
        return try JSON.text(JoinTicket(address: address, token: token, expires: expires))
    }

    @Test("the command to run there alone goes to standard output")
    func invite() async throws {
        let json = try Self.answer("https://10.0.0.1:9443")
        try await FakeNode.with({ _ in .json(json, status: 201) }) { node, url in
            let result = try await perform(
                InviteCommand.self,
                "--name",
                "edge-2",
                "--tier",
                "edge",
                "--expires",
                "2h",
                "--url",
                url
            )
            #expect(result.output == "godwit join https://10.0.0.1:9443 gwj_aB3-x\n")
            #expect(
                result.errors
                    == "It works once, as 'edge-2', and expires in 2 h: 2026-01-31 14:00:00.000 UTC.\n"
            )
            let request = try #require(node.requests.last)
            #expect(request.line == "POST /v1/invitations")
            let body = try JSON.value(InvitationRequest.self, request.body)
            #expect(
                body == InvitationRequest(name: try NodeName("edge-2"), tier: try Tier("edge"), lifetime: .hours(2))
            )
            #expect(
                try await perform(InviteCommand.self, "--tier", "edge", "--json", "--url", url).output == json + "\n"
            )
            let any = try JSON.value(InvitationRequest.self, try #require(node.requests.last).body)
            #expect(any.name == nil)
            #expect(any.lifetime == .hours(1))
        }
    }

    @Test("an address of six parts is quoted, one that cannot be reached is told")
    func addresses() async throws {
        let loopback = try Self.answer("https://[::1]:9443")
        try await FakeNode.with({ _ in .json(loopback) }) { _, url in
            let result = try await perform(InviteCommand.self, "--tier", "edge", "--url", url)
            #expect(result.output == "godwit join 'https://[::1]:9443' gwj_aB3-x\n")
            #expect(result.errors.contains("only be reached from this machine"))
        }
    }

    @Test("what a shell would run is not printed", arguments: [("https://a:1;reboot", "t"), ("https://a:1", "$(id)")])
    func hostile(address: String, token: String) async throws {
        let json = try Self.answer(address, token: token)
        try await FakeNode.with({ _ in .json(json) }) { _, url in
            let result = try await perform(InviteCommand.self, "--tier", "edge", "--url", url)
            #expect(result.code == 1)
            #expect(result.output.isEmpty)
        }
    }

    @Test("wrong usage", arguments: [[], ["--tier", "Edge"], ["--tier", "edge", "--expires", "0s"]])
    func usage(arguments: [String]) { #expect(throws: (any Error).self) { try InviteCommand.parse(arguments) } }
}
