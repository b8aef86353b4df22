import Continuum
import Domain
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Testing

/// What someone gets by the peer interface who is no node of this continuum, or no longer.
@Suite("The peer interface", .timeLimit(.minutes(5)))
struct PeerSecurityTests {
    @Test("without a certificate, or with another authority's, nothing is to be had")
    func strangers() async throws {
        try await TestContinuum.run(as: .ordinary) { continuum in
            let address = try PeerAddress(try await continuum.invite().address)
            for target in [
                "/peer/v1/control", "/peer/v1/executions/01m88b7cgzqj4t4qg2w0cx2gh6", "/v1/nodes", "/healthz",
            ] {
                let answer = try await Self.ask(address, tls: NodeIdentity.probingConfiguration(), "GET", target)
                #expect(answer.status == 401, "\(target): \(answer.status)")
            }
            let call = try await Self.ask(
                address,
                tls: NodeIdentity.probingConfiguration(),
                "POST",
                "/function/any:1",
                headers: [HeaderField("authorization", "Bearer \(continuum.cloud.token)")]
            )
            #expect(call.status == 401, "a device's or operator's token opens nothing here")
            let forged = try await Self.ask(
                address,
                tls: NodeIdentity.probingConfiguration(),
                "GET",
                "/peer/v1/control",
                headers: [HeaderField("godwit-peer-caller", "edge-1;edge;")]
            )
            #expect(forged.status == 401)
            let other = try Self.identity(of: "edge-1", authority: ContinuumAuthority.make(at: Self.now))
            var tls = try other.clientConfiguration()
            tls.certificateVerification = .none
            await #expect(throws: PeerLoss.self) { try await Self.ask(address, tls: tls, "GET", "/peer/v1/control") }
        }
    }

    @Test("a join token is good once, for its tier, and for a name that is free")
    func tokens() async throws {
        try await TestContinuum.run(as: .ordinary) { continuum in
            let ticket = try await continuum.invite()
            let fresh = try TestNode.makeFolder(for: .ordinary)
            defer { try? FileManager.default.removeItem(atPath: fresh) }
            let node = TestNode(account: .ordinary, data: fresh, options: [], name: "edge-3")
            let taken = TestNode(account: .ordinary, data: fresh, options: [], name: continuum.near.name)
            let refused = try await TestContinuum.join(taken, with: ticket)
            #expect(
                refused.status != 0
                    && refused.output.contains("there is a node '\(continuum.near.name ?? "")' already"),
                "\(refused.output)"
            )
            let tier = try await TestContinuum.join(node, with: ticket, extra: ["--tier", "cloud"])
            #expect(tier.status != 0 && tier.output.contains("another tier"), "\(tier.output)")
            #expect(try await TestContinuum.join(node, with: ticket).status == 0)
            let again = try await TestContinuum.join(node, with: ticket, extra: ["--force"])
            #expect(again.status != 0 && again.output.contains("the join token is not valid"), "\(again.output)")
            let wrong = JoinTicket(
                address: ticket.address,
                token: String(ticket.token.dropLast(64)) + String(repeating: "0", count: 64),
                expires: ticket.expires
            )
            let other = try await TestContinuum.join(node, with: wrong, extra: ["--force"])
            #expect(other.status != 0 && other.output.contains("another"), "\(other.output)")
        }
    }

    @Test("a node that founded a continuum of its own can leave it for another")
    func moved() async throws {
        let data = try TestNode.makeFolder(for: .ordinary)
        defer { try? FileManager.default.removeItem(atPath: data) }
        let node = TestNode(
            account: .ordinary,
            data: data,
            options: ["--peer-listen", "127.0.0.1:0"],
            name: "lone-\(data.suffix(8))"
        )
        try await node.start()
        #expect(try await node.send(.POST, "/v1/invitations", body: Array(#"{"tier": "edge"}"#.utf8)).status == 201)
        try await node.stop()
        try await TestContinuum.run(as: .ordinary) { continuum in
            let refused = try await TestContinuum.join(node, with: try await continuum.invite())
            #expect(refused.status != 0 && refused.output.contains("--force"), "\(refused.output)")
            let joined = try await TestContinuum.join(node, with: try await continuum.invite(), extra: ["--force"])
            #expect(joined.status == 0, "\(joined.output)")
            try await node.start()
            try await continuum.awaitState("ready", of: node, seenBy: [continuum.cloud])
            let change = try await node.send(.POST, "/v1/invitations", body: Array(#"{"tier": "edge"}"#.utf8))
            #expect(change.status == 409, "it follows now: \(change.text)")
            try await node.stop()
        }
    }

    @Test("a node that was removed gets nothing any more, on connections that are open too")
    func removed() async throws {
        try await TestContinuum.run(as: .ordinary) { continuum in
            try await continuum.cloud.publishPython(
                "far",
                "def handle(e, c):\n    return 'ok'\n",
                "placement: {tiers: [cloud]}"
            )
            try await continuum.awaitFunction("far")
            #expect(try await continuum.far.call("far", "x").status == 200)
            #expect(try await continuum.cloud.send(.DELETE, "/v1/nodes/\(continuum.far.name ?? "")").status == 204)
            try await awaitTrue("it is shut out") { try await continuum.far.call("far", "x").status == 503 }
            try await continuum.awaitState("removed", of: continuum.far, seenBy: [continuum.cloud, continuum.near])
            try await awaitTrue("it says so itself") {
                let ready = try await continuum.far.send(.GET, "/readyz")
                return ready.status == 503 && ready.text.contains("godwit join --force")
            }
            #expect(try await continuum.near.send(.GET, "/readyz").status == 200)
            #expect(try await continuum.near.call("far", "x").status == 200)
        }
    }

    @Test("a secret goes to the tiers it is for, and functions that name it run only there")
    func secrets() async throws {
        try await TestContinuum.run(as: .ordinary) { continuum in
            let cloud = continuum.cloud
            #expect(try await cloud.send(.PUT, "/v1/secrets/CLOUD_ONLY", body: Array("c".utf8)).status == 204)
            #expect(try await cloud.send(.PUT, "/v1/secrets/FOR_EDGE?tiers=edge", body: Array("e".utf8)).status == 204)
            let read = "import os\ndef handle(e, c):\n    return os.environ['%']\n"
            for (name, secret) in [("reads-cloud", "CLOUD_ONLY"), ("reads-edge", "FOR_EDGE")] {
                try await cloud.publishPython(name, read.replacing("%", with: secret), "secrets: [\(secret)]")
                try await continuum.awaitFunction(name)
            }
            for _ in 0..<5 {
                let kept = try await continuum.near.call("reads-cloud", "x")
                #expect(kept.text == "c" && kept.header("godwit-node") == cloud.name, "\(kept.text)")
            }
            let shared = try await continuum.near.call("reads-edge", "x")
            #expect(shared.text == "e", "\(shared.text)")
            let names = try await continuum.near.send(.GET, "/v1/secrets", token: cloud.token).json(SecretList.self)
            #expect(names.secrets.map(\.name.text) == ["FOR_EDGE"])
        }
    }

    private static var now: Timestamp { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6)) }

    private static func identity(of name: String, authority: ContinuumAuthority) throws -> NodeIdentity {
        let key = NodeKey()
        let certificate = try authority.issue(
            request: try key.request(),
            name: try NodeName(name),
            tier: try Tier("edge"),
            site: nil,
            at: now,
            lifetime: .hours(1)
        )
        return try NodeIdentity(
            key: key.pem,
            certificate: certificate,
            authority: authority.certificatePEM,
            at: now
        )
    }

    private static func ask(
        _ address: PeerAddress,
        tls: TLSConfiguration,
        _ method: String,
        _ target: String,
        headers: [HeaderField] = []
    ) async throws -> PeerAnswer {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let context = try NIOSSLContext(configuration: tls)
        return try await eventLoop.flatSubmit { () -> EventLoopFuture<PeerAnswer> in
            let link = PeerLink(name: nil, address: address, tls: context, eventLoop: eventLoop)
            let bound = NIOLoopBound(link, eventLoop: eventLoop)
            return PeerExchange.send(
                PeerRequest(method: method, target: target, headers: [HeaderField("host", "peer")] + headers),
                over: link,
                within: .seconds(5),
                eventLoop: eventLoop
            )
            .always { _ in bound.value.shutDown() }
        }
        .get()
    }
}
