import Continuum
import Domain
import NIOCore
import NIOHTTP1
import Telemetry

/// Lets a call in that another node passes on.
package struct PeerDoor: Sendable {
    /// How often a call may be passed on.
    package static let hopLimit = 3

    let gate: PeerGate
    let bundles: BundleIndex

    package init(gate: PeerGate, bundles: BundleIndex) {
        self.gate = gate
        self.bundles = bundles
    }

    /// Makes the plan of a call from the head of a request that `caller` sent.
    func plan(
        _ head: HTTPRequestHead,
        from caller: PeerCertificate,
        intake: Intake
    ) -> Result<CallPlan, FrontDoor.Refusal> {
        Result { () throws(FrontDoor.Refusal) in try makePlan(head, from: caller, intake: intake) }
    }

    private func makePlan(
        _ head: HTTPRequestHead,
        from caller: PeerCertificate,
        intake: Intake
    ) throws(FrontDoor.Refusal) -> CallPlan {
        let path: CallPath
        let id: ExecutionID
        let digest: Digest
        let left: Int64
        let hops: Int
        do {
            path = try CallPath(head.uri)
            id = try ExecutionID(head.headers[PeerHeaders.id].first ?? "")
            digest = try Digest(head.headers[PeerHeaders.digest].first ?? "")
            left = try Self.number(head, PeerHeaders.timeLeft)
            hops = Int(clamping: try Self.number(head, PeerHeaders.hops))
        } catch {
            throw FrontDoor.refusal("request.invalid", 400, "Invalid request", error.description)
        }
        guard hops <= Self.hopLimit else {
            throw FrontDoor.refusal(
                CallFailure.Kind.loop.rawValue,
                508,
                "Passed on too often",
                "the call was passed on \(hops) times; at most \(Self.hopLimit) are allowed"
            )
        }
        guard let version = intake.resolve(path.reference), version.digest == digest else {
            throw FrontDoor.refusal("function.unknown", 404, "Unknown function", "this node does not know that version")
        }
        guard bundles.contains(digest) else {
            var refusal = FrontDoor.refusal(
                "bundle.missing",
                424,
                "The bundle is not here",
                "send it with PUT /peer/v1/bundles/\(digest.hex)"
            )
            refusal.headers = [HeaderField(PeerHeaders.missing, digest.text)]
            throw refusal
        }
        // What the sender must have checked is checked again: a call is not taken because a peer says so.
        let obstacles = version.spec.placement.obstacles(on: intake.node, from: caller.site)
        guard obstacles.isEmpty else {
            throw FrontDoor.refusal(
                CallFailure.Kind.unplaceable.rawValue,
                503,
                "It may not run here",
                obstacles.joined(separator: "; ")
            )
        }
        let time = TimeSpan(microseconds: min(left, version.spec.timeout.microseconds))
        var headers = HeaderFilter.toFunction(head.headers).filter { $0.name != "host" }
        if let host = head.headers[PeerHeaders.prefix + "host"].first { headers.append(HeaderField("host", host)) }
        return CallPlan(
            id: id,
            version: version,
            request: CallRequest(
                method: head.method.rawValue,
                path: path.subPath,
                query: path.query,
                headers: headers
            ),
            trace: intake.trace(continuing: head.headers["traceparent"].first),
            deadline: .now() + .microseconds(time.microseconds),
            accepted: intake.clock.now(),
            base: nil,
            tokenID: nil,
            origin: PeerOrigin(node: caller.name, site: caller.site),
            hops: hops
        )
    }

    private static func number(_ head: HTTPRequestHead, _ name: String) throws(Invalid) -> Int64 {
        guard let text = head.headers[name].first, let number = Int64(text), number >= 0 else {
            throw Invalid(name, "is missing or no number")
        }
        return number
    }
}
