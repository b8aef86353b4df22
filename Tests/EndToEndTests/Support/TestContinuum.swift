import Domain
import Foundation
import Testing

/// Three nodes of one continuum for a test: real processes on loopback, the cloud is the founder.
final class TestContinuum: Sendable {
    let cloud: TestNode
    let near: TestNode
    let far: TestNode

    private init(cloud: TestNode, near: TestNode, far: TestNode) {
        self.cloud = cloud
        self.near = near
        self.far = far
    }

    var nodes: [TestNode] { [cloud, near, far] }

    /// Runs a continuum for the time of `body`, then ends it and checks that nothing of it is left.
    ///
    /// `advertise` is where the cloud is to be reached by others, where that is elsewhere.
    static func run<Result>(
        as account: Account,
        options: [String] = [],
        cloudOptions: [String] = [],
        isolation: isolated (any Actor)? = #isolation,
        _ body: (TestContinuum) async throws -> Result
    ) async throws -> Result {
        var folders: [String] = []
        func node(_ name: String, _ extra: [String]) throws -> TestNode {
            let data = try TestNode.makeFolder(for: account)
            folders.append(data)
            // On one machine a name is free for one node only, and tests run beside one another.
            return TestNode(account: account, data: data, options: extra, name: "\(name)-\(data.suffix(8))")
        }
        let peer = ["--peer-listen", "127.0.0.1:0"]
        let cloud = try node(
            "cloud-1",
            ["--tier", "cloud", "--peer-listen", "127.0.0.1:\(try FreePort.find())"] + cloudOptions
        )
        let near = try node("near", peer + options)
        let far = try node("far", peer + options)
        let continuum = TestContinuum(cloud: cloud, near: near, far: far)
        defer { for folder in folders { try? FileManager.default.removeItem(atPath: folder) } }
        do {
            try await cloud.start()
            for edge in [near, far] {
                try await continuum.join(edge)
                try await edge.start()
            }
            try await continuum.awaitState("ready")
            let result = try await body(continuum)
            for node in continuum.nodes { try await node.stop() }
            return result
        } catch {
            let logs = continuum.nodes.map { "--- \($0.data) ---\n\($0.log.suffix(3000))" }.joined(separator: "\n")
            for node in continuum.nodes { node.kill() }
            throw TestNode.Failure(description: "\(error)\n\(logs)")
        }
    }

    /// A join token, and where to use it.
    func invite(_ name: String? = nil, tier: String = "edge", lifetime: String = "1h") async throws -> JoinTicket {
        let request = InvitationRequest(
            name: try name.map { raw in try NodeName(raw) },
            tier: try Tier(tier),
            lifetime: try TimeSpan(lifetime)
        )
        let body = try JSONEncoder().encode(request)
        let answer = try await cloud.send(.POST, "/v1/invitations", body: Array(body))
        guard answer.status == 201 else { throw TestNode.Failure(description: "inviting: \(answer.text)") }
        return try answer.json(JoinTicket.self)
    }

    /// Lets a node join; its name must be free.
    func join(_ node: TestNode, site: String? = nil) async throws {
        let ticket = try await invite()
        let (status, output) = try await Self.join(node, with: ticket, site: site)
        guard status == 0 else { throw TestNode.Failure(description: "joining: \(output)") }
    }

    static func join(
        _ node: TestNode,
        with ticket: JoinTicket,
        site: String? = nil,
        extra: [String] = []
    ) async throws -> (status: Int32, output: String) {
        let words =
            [Programs.godwit, "join", ticket.address, ticket.token, "--data", node.data, "--name", node.name ?? "node"]
            + (site.map { ["--site", $0] } ?? []) + extra
        return try await Command.run(node.account.prefix + words)
    }

    /// Waits until every node that runs sees all others in a state.
    func awaitState(_ state: String, of other: TestNode? = nil, seenBy: [TestNode]? = nil) async throws {
        for node in seenBy ?? nodes {
            try await awaitTrue("all nodes are \(state)") {
                let seen = try await node.send(.GET, "/v1/nodes").json(NodeList.self).nodes
                if let other { return seen.contains { $0.node.name.text == other.name && $0.state == state } }
                return seen.count == 3 && seen.allSatisfy { $0.state == state }
            }
        }
    }

    /// Waits until a function is known on all nodes.
    func awaitFunction(_ name: String) async throws {
        for node in nodes {
            try await awaitTrue("\(name) is known") {
                try await node.send(.GET, "/v1/functions/\(name)", token: cloud.token).status == 200
            }
        }
    }
}

/// Waits until something is true, at most ten seconds.
func awaitTrue(
    _ what: String,
    seconds: Int = 10,
    isolation: isolated (any Actor)? = #isolation,
    _ condition: () async throws -> Bool
) async throws {
    for _ in 0..<(seconds * 40) {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(25))
    }
    throw TestNode.Failure(description: "it did not come true in \(seconds) s that \(what)")
}
