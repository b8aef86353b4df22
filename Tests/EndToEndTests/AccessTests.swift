import Domain
import Foundation
import Testing

/// Who may do what.
@Suite("Access", .timeLimit(.minutes(2)))
struct AccessTests {
    private static let hello = "def handle(event, context):\n    return 'hello'\n"

    @Test("a token is good for its scopes and functions, and a refusal says which scope was lacking and nothing else")
    func scopes() async throws {
        try await TestNode.run(as: .ordinary, options: ["--auth", "all"]) { node in
            try await node.publishPython("one", Self.hello)
            try await node.publishPython("two", Self.hello)
            try await node.publishPython("open", Self.hello, "access: public")
            let request = TokenRequest(scopes: [.invoke], functions: [try FunctionName("one")], note: "device")
            let body = Array(try JSONEncoder().encode(request))
            let issued = try await node.send(.POST, "/v1/tokens", body: body)
            #expect(issued.status == 201)
            let token = try issued.json(IssuedToken.self).token
            #expect(try await node.send(.GET, "/function/one", token: .some(token)).status == 200)
            let denied = try await node.send(.GET, "/function/two", token: .some(token))
            #expect(denied.status == 403 && denied.problem?.detail == "the token lacks the scope 'invoke' for this")
            let secret = try await node.send(.GET, "/v1/tokens", token: .some(token))
            #expect(secret.status == 403 && secret.problem?.detail == "the token lacks the scope 'operate' for this")
            #expect(try await node.send(.GET, "/v1/functions", token: .some(token)).status == 403)
            #expect(try await node.send(.GET, "/function/one", token: .some(nil)).status == 401)
            #expect(try await node.send(.GET, "/function/nothere", token: .some(nil)).status == 401)
            #expect(try await node.send(.GET, "/function/open", token: .some(nil)).status == 200)
            #expect(try await node.send(.GET, "/metrics", token: .some(nil)).status == 401)
            let list = try await node.send(.GET, "/v1/tokens")
            #expect(!list.text.contains(token))
            let id = try issued.json(IssuedToken.self).info.id
            #expect(try await node.send(.DELETE, "/v1/tokens/\(id)").status == 204)
            #expect(try await node.send(.GET, "/function/one", token: .some(token)).status == 401)
        }
    }

    @Test("calls through loopback need no token, publishing always does")
    func loopback() async throws {
        try await TestNode.run(as: .ordinary) { node in
            try await node.publishPython("one", Self.hello)
            #expect(try await node.send(.GET, "/function/one", token: .some(nil)).status == 200)
            #expect(try await node.send(.PUT, "/v1/functions/one", body: [1], token: .some(nil)).status == 401)
            #expect(try await node.send(.GET, "/v1/executions", token: .some(nil)).status == 401)
        }
    }

    @Test("a secret is seen by the functions that name it and by nobody else", arguments: Account.available)
    func secrets(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            let value = "s3cret-\(UUID().uuidString)"
            #expect(try await node.send(.PUT, "/v1/secrets/API_KEY", body: Array(value.utf8)).status == 204)
            let source = "import os\ndef handle(event, context):\n    return os.environ.get('API_KEY', 'none')\n"
            try await node.publishPython("named", source, "secrets: [API_KEY]")
            try await node.publishPython("unnamed", source)
            #expect(try await node.call("named").text == value)
            #expect(try await node.call("unnamed").text == "none")
            #expect(!(try await node.send(.GET, "/v1/secrets").text.contains(value)))
            #expect(!node.log.contains(value))
            let store = node.data + "/store"
            for file in try FileManager.default.contentsOfDirectory(atPath: store) {
                let bytes = FileManager.default.contents(atPath: "\(store)/\(file)") ?? Data()
                #expect(bytes.range(of: Data(value.utf8)) == nil, "\(file) holds the secret in the clear")
            }
            try await node.publishPython("missing", source, "secrets: [NOT_SET]")
            let missing = try await node.call("missing")
            #expect(missing.status == 503 && missing.problem?.kind == "platform.missing-secret")
        }
    }

    @Test("a node refuses to listen beyond loopback without TLS")
    func refusesPlain() async throws {
        let result = try await Command.run([
            Programs.godwit, "up", "--listen", "0.0.0.0:0", "--data", NSTemporaryDirectory() + "never",
        ])
        #expect(result.status == 64)
        #expect(result.output.contains("--insecure") && result.output.contains("--tls"))
    }

    @Test("TLS with a certificate of its own", arguments: Account.available)
    func tls(_ account: Account) async throws {
        try await TestNode.run(as: account, options: ["--tls"]) { node in
            #expect(node.url.hasPrefix("https://"))
            let result = try await Command.run([
                "/usr/bin/curl", "-sS", "--cacert", node.data + "/certificate.pem", node.url + "/healthz",
            ])
            #expect(result.status == 0 && result.output == "ok\n", "\(result.output)")
        }
    }
}
