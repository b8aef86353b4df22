package import Continuum
import Domain
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// Knows which nodes may come in by the peer interface.
package final class PeerGate: Sendable {
    /// Requests that a node may make which has no certificate yet.
    private static let openPaths: Set<String> = ["/peer/v1/authority", "/peer/v1/join"]

    /// The kind of problem that a removed node is answered with.
    static let revoked = "peer.revoked"

    private let revoked: Mutex<Revocations>
    private let clock: GatewayClock

    package init(revocations: Revocations, clock: GatewayClock) {
        self.revoked = Mutex(revocations)
        self.clock = clock
    }

    package var revocations: Revocations { revoked.withLock { $0 } }

    /// Takes over what others know to be revoked; true when it is news.
    package func merge(_ other: Revocations) -> Bool { revoked.withLock { $0.merge(other) } }

    func change(_ body: (inout Revocations) -> Void) { revoked.withLock { body(&$0) } }

    /// The certificate that the other end of a connection showed, verified already; nil when it showed none.
    static func certificate(of pipeline: ChannelPipeline) -> PeerCertificate? {
        let handler = try? pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)
        return handler?.peerCertificate.flatMap { try? PeerCertificate(der: $0.toDERBytes()) }
    }

    /// Checks a certificate again with every request: a revocation counts at once, on open connections too.
    func refusal(of certificate: PeerCertificate?, path: String) -> FrontDoor.Refusal? {
        guard let certificate else {
            let bare = path.prefix { $0 != "?" }
            if Self.openPaths.contains(String(bare)) { return nil }
            return FrontDoor.refusal(
                "peer.unauthenticated",
                401,
                "Not a node",
                "this interface is for nodes of this continuum; `godwit join` makes one"
            )
        }
        guard certificate.isCurrent(at: clock.now()) else {
            return FrontDoor.refusal("peer.expired", 403, "Denied", "the certificate of this node has expired")
        }
        guard !revoked.withLock({ $0.isRevoked(certificate) }) else {
            return FrontDoor.refusal(Self.revoked, 403, "Denied", "the certificate of this node was revoked")
        }
        return nil
    }
}
