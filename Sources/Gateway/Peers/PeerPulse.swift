import Executor
import Continuum
import Domain
package import Fabric
package import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle

/// Keeps in touch with the other nodes: probes them, exchanges gossip, and fetches what the founder has new.
package final class PeerPulse: Service {
    private static let patience = TimeAmount.seconds(1)

    private static let roundsAnHour = 36_000

    private let bridge: CallBridge
    private let control: ControlDesk
    private let store: any ContinuumStore
    private let logger: Logger

    package init(bridge: CallBridge, control: ControlDesk, store: any ContinuumStore, logger: Logger) {
        self.bridge = bridge
        self.control = control
        self.store = store
        self.logger = logger
    }

    package func run() async throws {
        let pulse = self
        // News are passed on by the next turn of the loop, however many there are at once.
        bridge.execute { service in
            service.continuum.onNews = { pulse.spread() }
        }
        var met: Set<PeerAddress> = []
        var rounds = 0
        while await Pause.sleep(for: .nanoseconds(Int64(Membership.tickInterval))) {
            let digest = await control.digest()
            bridge.execute { service in pulse.send(service.continuum.tick(), digest: digest, service: service) }
            if rounds.isMultiple(of: Self.roundsAnHour) { await control.forgetOldClaims() }
            rounds += 1
            guard rounds.isMultiple(of: 10) else { continue }
            let members = try await bridge.perform { $0.continuum.members() }
            await control.know(Dictionary(members.map { ($0.name, $0.report.description.tier) }) { first, _ in first })
            let addresses = Set(members.filter { !$0.state.isGone }.compactMap { try? PeerAddress($0.report.address) })
            if addresses != met {
                met = addresses
                await keep(addresses)
            }
        }
        // A last word: this node leaves.
        try? await bridge.perform { service in
            service.continuum.leave()
            pulse.send(service.continuum.probeAll(), digest: nil, service: service)
        }
        try? await Task.sleep(for: .milliseconds(100))
        bridge.execute { $0.continuum.shutDown() }
    }

    /// Remembers where nodes were, for a start at which nobody else says so.
    private func keep(_ addresses: Set<PeerAddress>) async {
        do {
            try await store.store(JSON.encode(addresses.sorted { $0.text < $1.text }), as: .members)
        } catch {
            logger.warning("the addresses of nodes could not be kept", metadata: ["error": "\(error)"])
        }
    }

    /// Tells everybody at once.
    private func spread() {
        let pulse = self
        // Its owner is the continuum: it ends with the messages it sends.
        Task {
            let digest = await pulse.control.digest()
            pulse.bridge.execute { service in
                pulse.send(service.continuum.probeAll(), digest: digest, service: service)
            }
        }
    }

    private func send(
        _ probes: [(probe: Probe, link: PeerLink, gossip: [NodeReport])],
        digest: String?,
        service: CallService
    ) {
        let loop = service.executor.eventLoop
        for (probe, link, gossip) in probes {
            let message = JSON.encode(GossipMessage(reports: gossip, control: digest))
            let request = PeerRequest(
                method: "POST",
                target: "/peer/v1/gossip",
                headers: [HeaderField("host", link.address.host), HeaderField("content-type", "application/json")]
            )
            let bound = NIOLoopBound((service, link), eventLoop: loop)
            PeerExchange.send(
                request,
                body: .bytes(ByteBuffer(bytes: message)),
                over: link,
                answerLimit: GossipMessage.sizeLimit,
                within: Self.patience,
                eventLoop: loop
            )
            .whenComplete { [self] result in
                let (service, link) = bound.value
                answered(result, probe: probe, link: link, service: service)
            }
        }
    }

    private func answered(
        _ result: Result<PeerAnswer, any Error>,
        probe: Probe,
        link: PeerLink,
        service: CallService
    ) {
        do {
            let answer = try result.get()
            guard answer.status == 200, let peer = answer.peer else {
                noteRemoval(answer, service: service)
                throw PeerLoss(mayHaveStarted: false, reason: "it answered with status \(answer.status)")
            }
            if isFounder(peer) { _ = service.continuum.telemetry.setShutOut(false) }
            let message = try JSON.decode(GossipMessage.self, from: Array(answer.body.readableBytesView))
            let believed = GossipTrust.believed(
                message.reports,
                from: peer.name,
                tier: peer.tier,
                site: peer.site,
                founder: control.leadership.founder(or: service.node.name)
            )
            guard let believed, believed.first?.name == peer.name else {
                throw PeerLoss(mayHaveStarted: false, reason: "it answered as another than it is")
            }
            service.continuum.probeAnswered(probe, reports: believed, roundTrip: answer.roundTrip)
            if let digest = message.control { heard(digest, of: peer.name) }
        } catch {
            logger.debug("a probe failed", metadata: ["peer": "\(link.text)", "error": "\(error)"])
            service.continuum.probeFailed(probe)
        }
    }

    private func isFounder(_ peer: PeerCertificate) -> Bool {
        guard case .follower(let founder, _) = control.leadership else { return false }
        return peer.name == founder
    }

    /// Takes note that the founder refuses this node's certificate; the word of any other node is not enough.
    private func noteRemoval(_ answer: PeerAnswer, service: CallService) {
        guard answer.status == 403, let peer = answer.peer, isFounder(peer),
            let problem = try? JSON.decode(Problem.self, from: Array(answer.body.readableBytesView)),
            problem.kind == PeerGate.revoked
        else { return }
        service.continuum.shutOut()
    }

    /// The founder names its state: a node that follows it fetches it when it is another than its own.
    func heard(_ digest: String, of founder: NodeName) {
        let (bridge, control, logger) = (bridge, control, logger)
        // Its owner is the continuum: it ends with the state it fetches.
        Task {
            guard await control.shouldFetch(digest, from: founder) else { return }
            do {
                let answer = try await bridge.askFounder("GET", "/peer/v1/control")
                guard answer.status == 200 else {
                    throw PeerLoss(mayHaveStarted: false, reason: "it answered with status \(answer.status)")
                }
                let state = try JSON.decode(ControlAnswer.self, from: Array(answer.body.readableBytesView))
                try await control.follow(state)
            } catch {
                logger.warning("the founder's state could not be taken over", metadata: ["error": "\(error)"])
            }
            await control.fetched()
        }
    }
}
