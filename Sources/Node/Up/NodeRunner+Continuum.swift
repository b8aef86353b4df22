import Commands
import Continuum
import Domain
import Fabric
import Gateway
import Logging
import NIOSSL

extension NodeRunner {
    /// Makes what the node has for its continuum.
    func makeContinuum(
        node: NodeDescription,
        store: EmbeddedStore,
        catalogue: Catalogue,
        authenticator: Authenticator,
        secrets: SecretVault,
        bundles: BundleIndex,
        bridge: CallBridge
    ) async throws -> ContinuumParts {
        let files = ContinuumFolder(path: folder.continuum)
        let founds = configuration.peerListen != nil
        let standing = try NodeStanding.of(configuration, in: files, founds: founds, at: clock.now())
        let kept = try await store.continuum.document(.revocations)
        let gate = PeerGate(
            revocations: try kept.map { try JSON.decode(Revocations.self, from: $0) } ?? Revocations(),
            clock: clock
        )
        let control = ControlDesk(
            leadership: standing?.leadership ?? .alone,
            node: node,
            store: store.continuum,
            registry: store.registry,
            catalogue: catalogue,
            authenticator: authenticator,
            secrets: secrets,
            gate: gate,
            bridge: bridge,
            clock: clock,
            logger: logger
        )
        try await control.load()
        let shelf = BundleShelf(folder: folder.packed)
        guard let standing else {
            return ContinuumParts(
                control: control,
                admission: nil,
                shelf: shelf,
                side: nil,
                keeper: nil,
                enter: { _ in }
            )
        }
        return try await parts(
            of: standing,
            node: node,
            store: store,
            bundles: bundles,
            bridge: bridge,
            gate: gate,
            control: control,
            shelf: shelf
        )
    }

    private func parts(
        of standing: NodeStanding,
        node: NodeDescription,
        store: EmbeddedStore,
        bundles: BundleIndex,
        bridge: CallBridge,
        gate: PeerGate,
        control: ControlDesk,
        shelf: BundleShelf
    ) async throws -> ContinuumParts {
        let listen = configuration.peerListen ?? (configuration.isLoopback ? ("127.0.0.1", 0) : ("0.0.0.0", 7443))
        let keeper = try IdentityKeeper(
            standing.identity,
            authority: standing.authority,
            files: ContinuumFolder(path: folder.continuum),
            bridge: bridge,
            clock: clock,
            logger: logger
        )
        var admission: AdmissionDesk?
        if let authority = standing.authority {
            admission = try await AdmissionDesk(
                authority: authority,
                node: node.name,
                store: store.continuum,
                gate: gate,
                control: control,
                bridge: bridge,
                clock: clock,
                logger: logger
            )
        }
        let side = PeerSide(
            door: PeerDoor(gate: gate, bundles: bundles),
            pulse: PeerPulse(bridge: bridge, control: control, store: store.continuum, logger: logger),
            host: listen.0,
            port: listen.1,
            tls: try keeper.serverConfiguration()
        )
        let known = try await store.continuum.document(.members)
        let met = try known.map { try JSON.decode([PeerAddress].self, from: $0) } ?? []
        let (logger, admitting, layers) = (logger, admission, SandboxReport.brief(layers))
        return ContinuumParts(
            control: control,
            admission: admission,
            shelf: shelf,
            side: side,
            keeper: keeper,
            enter: { port in
                do {
                    let address = address(host: listen.0, port: port)
                    let report = try NodeReport(
                        description: node,
                        address: address.text,
                        software: Version.text,
                        started: started,
                        sandbox: layers,
                        roles: configuration.roles
                    )
                    await admitting?.listens(at: address)
                    let tls = try PeerTLS(standing.identity)
                    bridge.execute { service in
                        service.continuum.enter(
                            report,
                            peers: (standing.peers + met).uniqued,
                            founder: standing.leadership.founder(or: node.name),
                            tls: tls,
                            shelf: shelf
                        )
                    }
                    logger.info(
                        "part of a continuum",
                        metadata: ["address": "\(address)", "founder": "\(standing.leadership.founder(or: node.name))"]
                    )
                } catch {
                    logger.critical("the continuum cannot be entered", metadata: ["error": "\(error)"])
                }
            }
        )
    }

    /// Where other nodes reach this one.
    private func address(host: String, port: Int) -> PeerAddress {
        if let advertised = configuration.advertised { return advertised }
        let isAny = host == "0.0.0.0" || host == "::"
        return PeerAddress(host: isAny ? Machine.hostName : host, port: port)
    }
}
