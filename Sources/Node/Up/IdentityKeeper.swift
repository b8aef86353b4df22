import Continuum
import Domain
import Gateway
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization

/// Keeps the node's certificate good: renews it in time, and lets new connections use the new one.
final class IdentityKeeper: Service {
    private static let interval = Duration.seconds(3600)

    private let current: Mutex<NodeIdentity>
    private let credentials: Mutex<NIOSSLContextConfigurationOverride>
    private let authority: ContinuumAuthority?
    private let files: ContinuumFolder
    private let bridge: CallBridge
    private let clock: GatewayClock
    private let logger: Logger

    init(
        _ identity: NodeIdentity,
        authority: ContinuumAuthority?,
        files: ContinuumFolder,
        bridge: CallBridge,
        clock: GatewayClock,
        logger: Logger
    ) throws {
        self.current = Mutex(identity)
        self.credentials = Mutex(try Self.credentials(of: identity))
        self.authority = authority
        self.files = files
        self.bridge = bridge
        self.clock = clock
        self.logger = logger
    }

    /// The settings of the peer interface; each connection gets the certificate that is current then.
    func serverConfiguration() throws -> TLSConfiguration {
        var configuration = try current.withLock { $0 }.serverConfiguration()
        configuration.sslContextCallback = { [self] _, promise in
            promise.succeed(credentials.withLock { $0 })
        }
        return configuration
    }

    func run() async throws {
        repeat {
            do {
                try await renewIfDue()
            } catch {
                logger.warning("the certificate could not be renewed yet", metadata: ["error": "\(error)"])
            }
        } while await Pause.sleep(for: Self.interval)
    }

    private func renewIfDue() async throws {
        let identity = current.withLock { $0 }
        guard identity.renewalDue(at: clock.now()) else { return }
        let key = NodeKey()
        let certificate = try await next(identity, key: key)
        let renewed = try NodeIdentity(
            key: key.pem,
            certificate: certificate,
            authority: identity.authorityPEM,
            at: clock.now()
        )
        try files.keep(key: key.pem, certificate: certificate, authority: identity.authorityPEM)
        let credentials = try Self.credentials(of: renewed)
        let tls = try PeerTLS(renewed)
        current.withLock { $0 = renewed }
        self.credentials.withLock { $0 = credentials }
        bridge.execute { $0.continuum.use(tls) }
        logger.info("the certificate was renewed", metadata: ["until": "\(renewed.notAfter)"])
    }

    /// The next certificate: from this node's own authority, or from the founder.
    private func next(_ identity: NodeIdentity, key: NodeKey) async throws -> String {
        let request = try key.request()
        if let authority {
            return try authority.renew(
                identity.certificate,
                request: request,
                at: clock.now(),
                lifetime: ContinuumAuthority.nodeLifetime
            )
        }
        let answer = try await bridge.askFounder(
            "POST",
            "/peer/v1/renew",
            body: JSON.encode(RenewRequest(request: request))
        )
        guard answer.status == 200 else {
            throw Invalid("founder", "answered with status \(answer.status)")
        }
        return try JSON.decode(RenewAnswer.self, from: Array(answer.body.readableBytesView)).certificate
    }

    private static func credentials(of identity: NodeIdentity) throws -> NIOSSLContextConfigurationOverride {
        let configuration = try identity.clientConfiguration()
        var override = NIOSSLContextConfigurationOverride()
        override.certificateChain = configuration.certificateChain
        override.privateKey = configuration.privateKey
        return override
    }
}
