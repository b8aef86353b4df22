package import Continuum
import Domain
package import NIOCore

extension CallBridge {
    /// Asks another node something and collects its answer.
    func ask(
        _ name: NodeName,
        _ method: String,
        _ target: String,
        body: [UInt8] = [],
        within limit: TimeAmount = .seconds(5)
    ) async throws -> PeerAnswer {
        let eventLoop = eventLoop
        return try await eventLoop.flatSubmit {
            withService { service -> EventLoopFuture<PeerAnswer> in
                guard let (link, _) = service.continuum.target(name) else {
                    return eventLoop.makeFailedFuture(
                        PeerLoss(mayHaveStarted: false, reason: "node '\(name)' is not known")
                    )
                }
                return PeerExchange.send(
                    PeerRequest(
                        method: method,
                        target: target,
                        headers: [
                            HeaderField("host", link.address.host), HeaderField("content-type", "application/json"),
                        ]
                    ),
                    body: .bytes(ByteBuffer(bytes: body)),
                    over: link,
                    answerLimit: ControlAnswer.sizeLimit,
                    within: limit,
                    eventLoop: eventLoop
                )
            }
        }
        .get()
    }

    /// Asks the founder of the continuum something.
    package func askFounder(
        _ method: String,
        _ target: String,
        body: [UInt8] = [],
        within limit: TimeAmount = .seconds(30)
    ) async throws -> PeerAnswer {
        guard let founder = try await perform({ $0.continuum.founder }) else {
            throw PeerLoss(mayHaveStarted: false, reason: "there is no founder")
        }
        return try await ask(founder, method, target, body: body, within: limit)
    }
}
