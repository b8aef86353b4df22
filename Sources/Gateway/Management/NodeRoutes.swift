import Executor
import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// The node seen from outside: what it is, how it is, and its metrics.
struct NodeRoutes {
    let management: Management

    func add(to router: Router<some RequestContext>) {
        router.get("healthz") { _, _ in Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "ok\n"))) }
        router.get("readyz") { _, _ in
            let isDraining = management.telemetry.isDraining
            return Response(
                status: isDraining ? .serviceUnavailable : .ok,
                body: .init(byteBuffer: ByteBuffer(string: isDraining ? "draining\n" : "ready\n"))
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
            return management.json(NodeList(nodes: [try await status()]))
        }
        router.get("v1/nodes/:name") { request, context in
            try management.demand(.operate, of: request)
            let name = try context.parameter("name", NodeName.init)
            guard name == management.node.name else { throw ProblemError.notFound("there is no node '\(name)'") }
            return management.json(try await status())
        }
    }

    private func exposition() async throws -> String {
        let census = try await management.bridge.perform { $0.executor.census }
        management.telemetry.setPools(census)
        return management.telemetry.exposition()
    }

    private func status() async throws -> NodeStatus {
        let census = try await management.bridge.perform { $0.executor.census }
        return NodeStatus(
            node: management.node,
            software: management.facts.software,
            started: management.facts.started,
            state: management.telemetry.isDraining ? "draining" : "ready",
            sandbox: management.facts.sandbox,
            instances: [
                "starting": census.values.reduce(0) { $0 + $1.starting },
                "idle": census.values.reduce(0) { $0 + $1.idle },
                "busy": census.values.reduce(0) { $0 + $1.busy },
            ],
            queued: census.values.reduce(0) { $0 + $1.queued },
            seen: management.clock.now()
        )
    }
}
