import Logging
import Bundles
import Domain
import Executor
import Fabric
import HTTPTypes
import Hummingbird
import NIOCore

/// Publishing: functions, their versions and aliases.
struct FunctionRoutes {
    let management: Management

    func add(to router: Router<some RequestContext>) {
        let functions = router.group("v1/functions")
        functions.get { request, _ in
            let token = try management.demand(.publish, of: request)
            let all = management.catalogue.all.filter { function in token?.functions?.contains(function.name) ?? true }
            return management.json(FunctionList(functions: all))
        }
        let one = functions.group(":name")
        one.get { request, context in management.json(try published(request, context)) }
        one.put { request, context in try await publish(request, context) }
        one.delete { request, context in
            let name = try name(request, context)
            try await change { try await management.registry.delete(name) }
            management.telemetry.forget(name)
            management.bridge.execute { $0.continuum.forget(name) }
            return Response(status: .noContent)
        }
        one.get("versions") { request, context in management.json(try published(request, context).versions) }
        one.delete("versions/:version") { request, context in
            let name = try name(request, context)
            let version = try context.parameter("version", Self.version)
            try await change { try await management.registry.delete(name, version: version) }
            return Response(status: .noContent)
        }
        addAliases(to: one)
    }

    private func addAliases(to one: RouterGroup<some RequestContext>) {
        one.get("aliases") { request, context in management.json(try published(request, context).aliases) }
        one.get("aliases/:alias") { request, context in
            let alias = try context.parameter("alias", AliasName.init)
            guard let found = try published(request, context).alias(alias) else {
                throw ProblemError.notFound("there is no alias '\(alias)'")
            }
            return management.json(found)
        }
        one.put("aliases/:alias") { request, context in
            let name = try name(request, context)
            let alias = try context.parameter("alias", AliasName.init)
            let target = try await management.body(AliasTarget.self, of: request)
            let value = Alias(name: alias, version: target.version, split: target.split)
            try await change { try await management.registry.set(value, of: name) }
            return management.json(value)
        }
        one.delete("aliases/:alias") { request, context in
            let name = try name(request, context)
            let alias = try context.parameter("alias", AliasName.init)
            try await change { try await management.registry.deleteAlias(alias, of: name) }
            return Response(status: .noContent)
        }
    }

    private static func version(_ raw: String) throws(Invalid) -> VersionNumber {
        guard let number = UInt32(raw) else { throw Invalid("version", "must be a whole number from 1 on") }
        return try VersionNumber(number)
    }

    /// The name in the path, for whoever may publish it.
    private func name(_ request: Request, _ context: some RequestContext) throws -> FunctionName {
        let name = try context.parameter("name", FunctionName.init)
        try management.demand(.publish, of: request, on: name)
        return name
    }

    private func published(_ request: Request, _ context: some RequestContext) throws -> PublishedFunction {
        let name = try name(request, context)
        guard let function = management.catalogue.function(name) else {
            throw ProblemError.notFound("there is no function '\(name)'")
        }
        return function
    }

    /// Changes the registry and makes the change known to calls.
    private func change(_ action: () async throws -> Void) async throws {
        try management.control.demandLead()
        do {
            try await action()
        } catch let error as RegistryError {
            switch error {
            case .aliasPoints:
                throw ProblemError("function.alias-points", 409, "An alias points there", error.description)
            case .noSuchFunction, .noSuchVersion, .noSuchAlias:
                throw ProblemError.notFound(error.description)
            }
        }
        try await management.catalogue.reload()
        await management.control.changed()
    }

    private func publish(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let name = try context.parameter("name", FunctionName.init)
        let token = try management.demand(.publish, of: request, on: name)
        let announced: Digest?
        do {
            announced = try request.headers[.godwitDigest].map { raw throws(Invalid) in try Digest(raw) }
        } catch {
            throw ProblemError(error)
        }
        try management.control.demandLead()
        let management = management
        let isRestricted = token?.functions != nil
        let bundle = try await management.receiveBundle(request.body, announced: announced) { bundle in
            try Self.check(bundle, name: name, management: management)
            // Secrets are shared by all functions: whoever may publish only some must not read them by one.
            guard !isRestricted || bundle.spec.secrets.isEmpty else {
                throw ProblemError(
                    "access.denied",
                    403,
                    "Denied",
                    "a token that is good for some functions may not publish one that names secrets"
                )
            }
        }
        let (version, isNew) = try await management.registry.publish(
            bundle.spec,
            digest: bundle.digest,
            bundleSize: bundle.compressedBytes,
            at: management.clock.now()
        )
        try await management.catalogue.reload()
        await management.control.changed()
        management.logger.info(
            "published",
            metadata: ["function": "\(name)", "version": "\(version.number)", "new": "\(isNew)"]
        )
        let result = PublishResult(function: name, version: version.number, digest: version.digest, isNew: isNew)
        return management.json(
            result,
            status: isNew ? .created : .ok,
            headers: isNew ? [.location: "/v1/functions/\(name)"] : [:]
        )
    }

    private static func check(
        _ bundle: UnpackedBundle,
        name: FunctionName,
        management: Management
    ) throws {
        guard bundle.spec.name == name else {
            throw ProblemError(
                Invalid("name", "function.yaml says '\(bundle.spec.name)', but it was published as '\(name)'")
            )
        }
        do {
            try bundle.spec.checkSystemCalls()
        } catch {
            throw ProblemError(error)
        }
        guard bundle.spec.memory <= management.instanceMemory else {
            throw ProblemError(
                Invalid(
                    "memory",
                    "\(bundle.spec.memory) is more than this node has for functions, \(management.instanceMemory)"
                )
            )
        }
    }
}
