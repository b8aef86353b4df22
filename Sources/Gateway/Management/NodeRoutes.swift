import Continuum
import Domain
import Executor
import HTTPTypes
import Hummingbird
import NIOCore

/// The node seen from outside: what it is, how it is, and its metrics.
struct NodeRoutes {
    let management: Management

    func add(to router: Router<some RequestContext>) {
        router.get("healthz") { _, _ in Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "ok\n"))) }
        router.get("readyz") { _, _ in
            let obstacle: String? =
                if management.telemetry.isDraining {
                    "draining"
                } else if management.telemetry.isShutOut { ContinuumDesk.shutOutText } else { nil }
            return Response(
                status: obstacle == nil ? .ok : .serviceUnavailable,
                body: .init(byteBuffer: ByteBuffer(string: "\(obstacle ?? "ready")\n"))
            )
        }
        router.get("metrics") { request, _ in
            // Metrics name functions: where calls need a token, so do they.
            if management.front.requiresToken { try management.demand(.operate, of: request) }
            let text = try await exposition()
            return Response(
                status: .ok,
                headers: [.contentType: GatewayTelemetry.expositionType],
                body: .init(byteBuffer: ByteBuffer(string: text))
            )
        }
        router.get("v1/nodes") { request, _ in
            try management.demand(.operate, of: request)
            return management.json(NodeList(nodes: try await statuses()))
        }
        router.get("v1/nodes/:name") { request, context in
            try management.demand(.operate, of: request)
            let name = try context.parameter("name", NodeName.init)
            guard let status = try await statuses().first(where: { $0.node.name == name }) else {
                throw ProblemError.notFound("there is no node '\(name)'")
            }
            return management.json(status)
        }
    }

    private func exposition() async throws -> String {
        let census = try await management.bridge.perform { $0.executor.census }
        management.telemetry.setPools(census)
        return management.telemetry.exposition()
    }

    /// All nodes that are known, this one first.
    private func statuses() async throws -> [NodeStatus] {
        let (management, now) = (management, management.clock.now())
        return try await management.bridge.perform { service in
            let members = service.continuum.members()
            let own = status(of: service, member: members.first { $0.name == management.node.name })
            let monotonic = service.continuum.now()
            return [own]
                + members.filter { $0.name != management.node.name }.map { member in
                    let silent = member.lastHeard.map { Int64(clamping: (monotonic - min($0, monotonic)) / 1000) }
                    return status(
                        of: member,
                        in: service.continuum,
                        seen: silent.map { now.advanced(by: TimeSpan(microseconds: -$0)) } ?? member.report.started
                    )
                }
        }
    }

    private func status(of service: CallService, member: Member?) -> NodeStatus {
        let load = service.continuum.load(for: nil)
        let isDraining = management.telemetry.isDraining || member?.state == .draining
        let isRemoved = management.telemetry.isShutOut || member?.state == .removed
        return NodeStatus(
            node: management.node,
            software: management.facts.software,
            started: management.facts.started,
            state: isDraining ? "draining" : isRemoved ? "removed" : "ready",
            sandbox: management.facts.sandbox,
            instances: ["starting": load.starting, "idle": load.idle, "busy": load.busy],
            queued: load.queued,
            utilisation: load.utilisation,
            watts: management.telemetry.watts,
            energyMethod: management.telemetry.energyMethod,
            placed: service.continuum.placements(on: management.node.name).total,
            seen: management.clock.now()
        )
    }

    /// Why a node is in its state, without the state itself, which the reason begins with.
    private static func detail(of member: Member) -> String {
        if member.reason == member.state.rawValue { return "" }
        let prefix = "\(member.state.rawValue): "
        return member.reason.hasPrefix(prefix) ? String(member.reason.dropFirst(prefix.count)) : member.reason
    }

    private func status(of member: Member, in continuum: ContinuumDesk, seen: Timestamp) -> NodeStatus {
        let report = member.report
        return NodeStatus(
            node: report.description,
            software: report.software,
            started: report.started,
            state: member.state == .alive ? "ready" : member.state.rawValue,
            detail: Self.detail(of: member),
            sandbox: report.sandbox,
            instances: ["starting": member.load.starting, "idle": member.load.idle, "busy": member.load.busy],
            queued: member.load.queued,
            utilisation: member.load.utilisation,
            watts: report.watts,
            energyMethod: report.energyMethod,
            link: continuum.linkStatus(of: member),
            placed: continuum.placements(on: member.name).total,
            seen: seen
        )
    }
}
