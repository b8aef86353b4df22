import Domain
import Fabric
import Hummingbird

/// What is in quarantine, on all nodes, and letting it run again.
struct QuarantineRoutes {
    let management: Management

    func add(to router: Router<some RequestContext>) {
        let quarantine = router.group("v1/quarantine")
        quarantine.get { request, _ in
            try management.demand(.operate, of: request)
            return management.json(
                await management.quarantine(management.held, elsewhere: "GET", "/peer/v1/quarantine")
            )
        }
        quarantine.delete(":name") { request, context in
            try management.demand(.operate, of: request)
            let name = try context.parameter("name", FunctionName.init)
            let version = try request.query("version", Self.version)
            let own = try await management.release(name, version: version)
            let target = "/peer/v1/quarantine/\(name)" + (version.map { "?version=\($0)" } ?? "")
            let released = await management.quarantine(own, elsewhere: "DELETE", target)
            guard !released.versions.isEmpty || released.missing != nil else {
                throw ProblemError.notFound("nothing of '\(name)' is in quarantine")
            }
            return management.json(released)
        }
    }

    /// What other nodes ask of this one.
    func addForPeers(to routes: RouterGroup<some RequestContext>) {
        routes.get("quarantine") { request, _ in
            _ = try request.peerCaller()
            return management.json(QuarantineList(versions: management.held))
        }
        routes.delete("quarantine/:name") { request, context in
            _ = try request.peerCaller()
            let name = try context.parameter("name", FunctionName.init)
            let version = try request.query("version", Self.version)
            return management.json(
                QuarantineList(versions: try await management.release(name, version: version))
            )
        }
    }

    private static func version(_ raw: String) throws(Invalid) -> VersionNumber {
        guard let number = UInt32(raw) else { throw Invalid("version", "must be a whole number from 1 on") }
        return try VersionNumber(number)
    }
}

extension Management {
    /// Versions that this node holds in quarantine.
    var held: [QuarantinedVersion] { quarantine.held }

    /// Lets versions run again on this node; on disk when it returns.
    func release(_ function: FunctionName, version: VersionNumber?) async throws -> [QuarantinedVersion] {
        let released = quarantine.release(function, version: version)
        try await store.store(JSON.encode(QuarantineList(versions: quarantine.held)), as: .quarantine)
        return released
    }

    /// This node's part and what all others answer.
    func quarantine(
        _ own: [QuarantinedVersion],
        elsewhere method: String,
        _ target: String
    ) async -> QuarantineList {
        let answers = await askEach(QuarantineList.self, method, target)
        let versions = own + answers.flatMap { $0.1?.versions ?? [] }
        return QuarantineList(
            versions: versions.sorted {
                ($0.function.text, $0.version, $0.node.text) < ($1.function.text, $1.version, $1.node.text)
            },
            missing: Self.silent(answers)
        )
    }
}
