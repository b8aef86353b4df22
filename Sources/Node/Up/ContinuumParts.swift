import Continuum
import Domain
import Gateway
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle

/// What a node has for its continuum: who takes changes, and for one with others the interface to them.
struct ContinuumParts {
    let control: ControlDesk
    let admission: AdmissionDesk?
    let shelf: BundleShelf
    let side: PeerSide?
    let keeper: IdentityKeeper?
    /// Enters the continuum once the peer interface listens on a port.
    let enter: @Sendable (_ port: Int) async -> Void

    /// The services that keep in touch with the other nodes; none on a node alone.
    func services(
        _ management: Management,
        loops: ConnectionLoops,
        logger: Logger
    ) -> [any Service] {
        guard let side, let keeper else { return [] }
        let enter = enter
        return [
            keeper, side.pulse,
            PeerServer(management: management, peers: side, loops: loops, logger: logger) { port in
                await enter(port)
            },
        ]
    }
}
