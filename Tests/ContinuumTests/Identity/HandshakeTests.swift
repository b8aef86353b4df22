import Continuum
import Domain
import Foundation
import NIOSSL
import Testing

@Suite("TLS between nodes", .timeLimit(.minutes(1)))
struct HandshakeTests {
    private let fixture: IdentityFixture
    private let server: NodeIdentity
    private let now: Timestamp

    init() throws {
        // TLS looks at the real clock. The continuum is some days old, so that certificates can have expired.
        self.now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6))
        self.fixture = try IdentityFixture(at: now.advanced(by: .hours(-72)))
        self.server = try fixture.identity("server", lifetime: .hours(96))
    }

    @Test("two nodes of a continuum know each other")
    func peers() async throws {
        let client = try fixture.identity("client", tier: "cloud", site: nil, lifetime: .hours(96))
        let outcome = try await connect(client.clientConfiguration())
        #expect(outcome.isConnected)
        let peer = try outcome.peer
        #expect(peer == client.certificate)
        #expect(peer?.name.text == "client" && peer?.tier.text == "cloud" && peer?.site == nil)
        let seen = try outcome.client.get()
        #expect(try PeerCertificate(der: #require(seen)) == server.certificate)
    }

    @Test("a client with a certificate of another continuum is refused")
    func otherContinuum() async throws {
        let other = try IdentityFixture(at: fixture.now).identity("client", lifetime: .hours(96))
        var configuration = try other.clientConfiguration()
        // It even trusts this continuum's servers.
        configuration.trustRoots = try NodeIdentity.joiningConfiguration(authority: fixture.authority.certificate)
            .trustRoots
        let outcome = try await connect(configuration)
        #expect(throws: NIOSSLError.self) { try outcome.server.get() }
        #expect(!outcome.isConnected)
    }

    @Test("a client without a certificate connects, and has no name")
    func noCertificate() async throws {
        let outcome = try await connect(.joining(fixture))
        #expect(outcome.isConnected)
        #expect(try outcome.peer == nil)
    }

    @Test(
        "a client refuses a server of another name",
        arguments: [
            "other.node.godwit.internal", "node.godwit.internal", "server.node.godwit.internal.example.com", nil,
        ]
    )
    func otherName(host: String?) async throws {
        let client = try fixture.identity("client", lifetime: .hours(96))
        for configuration in [try client.clientConfiguration(), try .joining(fixture)] {
            let outcome = try await connect(configuration, host: host)
            #expect(throws: (any Error).self) { try outcome.client.get() }
            #expect(!outcome.isConnected)
        }
    }

    @Test("a client that joins refuses a server of another continuum")
    func impostor() async throws {
        let impostor = try IdentityFixture(at: fixture.now).identity("server", lifetime: .hours(96))
        let outcome = try await LoopbackHandshake.outcome(
            server: impostor.serverConfiguration(),
            client: .joining(fixture),
            host: server.name.hostName
        )
        #expect(throws: NIOSSLError.self) { try outcome.client.get() }
        #expect(!outcome.isConnected)
    }

    @Test("a client is refused after and before its certificate's time", arguments: [-48, 26])
    func time(hours: Int64) async throws {
        let key = NodeKey()
        let issued = now.advanced(by: .hours(hours))
        let client = try NodeIdentity(
            key: key.pem,
            certificate: fixture.issue("client", key: key, at: issued, lifetime: .hours(24)),
            authority: fixture.authority.certificatePEM,
            at: issued
        )
        let outcome = try await connect(client.clientConfiguration())
        #expect(throws: NIOSSLError.self) { try outcome.server.get() }
        #expect(!outcome.isConnected)
    }

    @Test("a client whose certificate was changed is refused")
    func changed() async throws {
        let key = NodeKey()
        let der = try IdentityFixture.der(fixture.issue("client", key: key, lifetime: .hours(96)))
        let changed = try #require(IdentityFixture.replacing("tier=edge", with: "tier=core", in: der))
        var configuration = try TLSConfiguration.joining(fixture)
        configuration.certificateChain = [.certificate(try NIOSSLCertificate(bytes: changed, format: .der))]
        configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(key.pem.utf8), format: .pem))
        let outcome = try await connect(configuration)
        #expect(throws: NIOSSLError.self) { try outcome.server.get() }
        #expect(!outcome.isConnected)
    }

    @Test("probing connects to anyone, and shows no certificate")
    func probing() async throws {
        let outcome = try await connect(NodeIdentity.probingConfiguration(), host: nil)
        #expect(outcome.isConnected)
        #expect(try outcome.peer == nil)
    }

    @Test("older TLS is refused")
    func oldVersion() async throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.maximumTLSVersion = .tlsv12
        #expect(try await !connect(configuration).isConnected)
    }

    private func connect(
        _ client: TLSConfiguration,
        host: String? = "server.node.godwit.internal"
    ) async throws -> LoopbackHandshake.Outcome {
        try await LoopbackHandshake.outcome(server: server.serverConfiguration(), client: client, host: host)
    }
}

extension TLSConfiguration {
    fileprivate static func joining(_ fixture: IdentityFixture) throws -> TLSConfiguration {
        try NodeIdentity.joiningConfiguration(authority: fixture.authority.certificate)
    }
}
