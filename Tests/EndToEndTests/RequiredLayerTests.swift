import Domain
import Foundation
import Testing

/// What an operator sees of the sandbox, and may insist on.
@Suite("Required layers", .timeLimit(.minutes(2)))
struct RequiredLayerTests {
    @Test("every layer that can be required is reported", arguments: Account.available)
    func reported(_ account: Account) async throws {
        try await TestNode.run(as: account) { node in
            let status = try #require(try await node.send(.GET, "/v1/nodes").json(NodeList.self).nodes.first)
            #expect(status.sandbox.map(\.key) == SandboxLayer.keys)
            #expect(status.sandbox.allSatisfy { $0.state == .present || $0.remedy?.isEmpty == false })
        }
    }

    @Test("a node starts with the layers it requires, and not without one", arguments: Account.available)
    func required(_ account: Account) async throws {
        let file = try Configuration.file("sandbox: {require: [seccomp, own-uid-per-instance]}")
        defer { Configuration.remove(file) }
        if account == .root {
            try await TestNode.run(as: account, options: ["--config", file]) { node in
                let ready = try await node.send(.GET, "/readyz")
                #expect(ready.status == 200)
            }
        } else {
            let refused = try await Self.start(account, file)
            #expect(refused.status != 0)
            #expect(refused.output.contains("own-uid-per-instance is absent"), "\(refused.output)")
            #expect(refused.output.contains("start the node as root") && !refused.output.contains("seccomp is"))
        }
    }

    @Test("an unknown layer is an error with the nearest known one")
    func unknown() async throws {
        let file = try Configuration.file("sandbox: {require: [landlok]}")
        defer { Configuration.remove(file) }
        let refused = try await Self.start(.ordinary, file)
        #expect(refused.status != 0)
        #expect(
            refused.output.contains("sandbox.require[0]") && refused.output.contains("'landlock'"),
            "\(refused.output)"
        )
    }

    @Test("nodes know what isolates functions on the others")
    func others() async throws {
        try await TestContinuum.run(as: .ordinary) { continuum in
            let name = continuum.cloud.name ?? ""
            let seen = try await continuum.near.send(.GET, "/v1/nodes/\(name)").json(NodeStatus.self)
            let own = try await continuum.cloud.send(.GET, "/v1/nodes/\(name)").json(NodeStatus.self)
            #expect(!own.sandbox.isEmpty && seen.sandbox.map(\.key) == own.sandbox.map(\.key))
            #expect(seen.sandbox.map(\.state) == own.sandbox.map(\.state))
        }
    }

    private static func start(_ account: Account, _ file: String) async throws -> (status: Int32, output: String) {
        let data = try TestNode.makeFolder(for: account)
        defer { try? FileManager.default.removeItem(atPath: data) }
        let name = "layers-\(data.suffix(8))"
        let words = [
            Programs.godwit, "up", "--data", data, "--listen", "127.0.0.1:0", "--name", name, "--config", file,
        ]
        return try await Command.run(account.prefix + words)
    }
}
