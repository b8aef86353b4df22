import Domain
import Fabric
import Testing

/// What every implementation of ``Registry`` promises; each is checked on a registry that is empty.
enum RegistryPromise: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case keepsEverything = "a published version comes back with all it was made of"
    case publishesOnce = "the same digest is the same version of a function, and a new one of another"
    case neverReusesNumbers = "numbers are never used again, not even after the function was deleted"
    case ordersByName = "functions come ordered by name"
    case movesAliases = "an alias is set, moved and deleted, and points only to versions that are there"
    case protectsAliased = "what an alias points to cannot be deleted"
    case refusesUnknown = "what is not there is refused by name"
    case listsDigests = "the bundles that must be kept are known"
    case publishesAtOnce = "versions published at the same time have different numbers"

    var testDescription: String { rawValue }

    /// Checks the promise; the registry must be empty.
    func check(_ registry: some Registry) async throws {
        switch self {
        case .keepsEverything: try await Self.keepsEverything(registry)
        case .publishesOnce: try await Self.publishesOnce(registry)
        case .neverReusesNumbers: try await Self.neverReusesNumbers(registry)
        case .ordersByName: try await Self.ordersByName(registry)
        case .movesAliases: try await Self.movesAliases(registry)
        case .protectsAliased: try await Self.protectsAliased(registry)
        case .refusesUnknown: try await Self.refusesUnknown(registry)
        case .listsDigests: try await Self.listsDigests(registry)
        case .publishesAtOnce: try await Self.publishesAtOnce(registry)
        }
    }

    @discardableResult
    private static func publish(
        _ name: String,
        _ digest: UInt8,
        in registry: some Registry
    ) async throws -> (version: FunctionVersion, isNew: Bool) {
        let spec = try Sample.spec(name, handler: "run-\(digest)")
        return try await registry.publish(spec, digest: Sample.digest(digest), bundleSize: 9, at: Sample.time(1))
    }

    private static func number(_ value: UInt32) throws -> VersionNumber { try VersionNumber(value) }

    private static func keepsEverything(_ registry: some Registry) async throws {
        let spec = try Sample.spec("a")
        let digest = try Sample.digest(1)
        let published = try await registry.publish(spec, digest: digest, bundleSize: .max, at: Sample.time(5))
        let expected = FunctionVersion(
            number: .first,
            digest: digest,
            spec: spec,
            bundleSize: .max,
            published: Sample.time(5)
        )
        #expect(published.version == expected)
        #expect(published.isNew)
        #expect(try await registry.function(spec.name)?.versions == [expected])
        #expect(try await registry.function(Sample.function("b")) == nil)
    }

    private static func publishesOnce(_ registry: some Registry) async throws {
        let first = try await publish("a", 1, in: registry)
        try await publish("a", 2, in: registry)
        let again = try await publish("a", 1, in: registry)
        #expect(again.isNew == false)
        #expect(again.version == first.version)
        let other = try await publish("b", 1, in: registry)
        #expect(other.isNew)
        #expect(other.version.number == .first)
        #expect(try await registry.function(Sample.function("a"))?.versions.map(\.number.value) == [1, 2])
    }

    private static func neverReusesNumbers(_ registry: some Registry) async throws {
        let name = try Sample.function("a")
        try await publish("a", 1, in: registry)
        try await publish("a", 2, in: registry)
        try await registry.delete(name, version: number(2))
        #expect(try await publish("a", 2, in: registry).version.number.value == 3)
        try await registry.delete(name)
        #expect(try await registry.function(name) == nil)
        #expect(try await registry.functions() == [])
        #expect(try await publish("a", 1, in: registry).version.number.value == 4)
        try await registry.delete(name, version: number(4))
        #expect(try await registry.function(name) == nil)
    }

    private static func ordersByName(_ registry: some Registry) async throws {
        for name in ["b", "a-1", "a", "c"] { try await publish(name, 1, in: registry) }
        try await publish("a", 2, in: registry)
        let functions = try await registry.functions()
        #expect(functions.map(\.name.text) == ["a", "a-1", "b", "c"])
        #expect(functions.map(\.versions.count) == [2, 1, 1, 1])
    }

    private static func movesAliases(_ registry: some Registry) async throws {
        let name = try Sample.function("a")
        let live = try AliasName("live")
        try await publish("a", 1, in: registry)
        try await publish("a", 2, in: registry)
        try await registry.set(Alias(name: live, version: number(1)), of: name)
        let split = try Alias(name: live, version: number(1), split: .init(version: number(2), share: 0.1))
        try await registry.set(split, of: name)
        #expect(try await registry.function(name)?.aliases == [split])
        #expect(try await registry.functions().first?.aliases == [split])
        await #expect(throws: RegistryError.noSuchVersion(name, try number(9))) {
            try await registry.set(Alias(name: live, version: number(9)), of: name)
        }
        await #expect(throws: RegistryError.noSuchVersion(name, try number(8))) {
            let bad = try Alias(name: live, version: number(1), split: .init(version: number(8), share: 0.5))
            try await registry.set(bad, of: name)
        }
        #expect(try await registry.function(name)?.aliases == [split])
        try await registry.deleteAlias(live, of: name)
        #expect(try await registry.function(name)?.aliases == [])
        await #expect(throws: RegistryError.noSuchAlias(name, live)) {
            try await registry.deleteAlias(live, of: name)
        }
    }

    private static func protectsAliased(_ registry: some Registry) async throws {
        let name = try Sample.function("a")
        let canary = try AliasName("canary")
        for digest in 1...3 { try await publish("a", UInt8(digest), in: registry) }
        let split = try Alias(name: canary, version: number(1), split: .init(version: number(2), share: 0.5))
        try await registry.set(split, of: name)
        let points = RegistryError.aliasPoints(name, canary)
        await #expect(throws: points) { try await registry.delete(name) }
        await #expect(throws: points) { try await registry.delete(name, version: number(1)) }
        await #expect(throws: points) { try await registry.delete(name, version: number(2)) }
        try await registry.delete(name, version: number(3))
        #expect(try await registry.function(name)?.versions.map(\.number.value) == [1, 2])
        try await registry.deleteAlias(canary, of: name)
        try await registry.delete(name)
        #expect(try await registry.function(name) == nil)
    }

    private static func refusesUnknown(_ registry: some Registry) async throws {
        let name = try Sample.function("a")
        await #expect(throws: RegistryError.noSuchFunction(name)) { try await registry.delete(name) }
        await #expect(throws: RegistryError.noSuchFunction(name)) { try await registry.delete(name, version: .first) }
        await #expect(throws: RegistryError.noSuchFunction(name)) {
            try await registry.set(Alias(name: AliasName("live"), version: .first), of: name)
        }
        try await publish("a", 1, in: registry)
        await #expect(throws: RegistryError.noSuchVersion(name, try number(2))) {
            try await registry.delete(name, version: number(2))
        }
        try await registry.delete(name)
        await #expect(throws: RegistryError.noSuchFunction(name)) { try await registry.delete(name) }
    }

    private static func listsDigests(_ registry: some Registry) async throws {
        #expect(try await registry.digests() == [])
        try await publish("a", 1, in: registry)
        try await publish("b", 1, in: registry)
        try await publish("b", 2, in: registry)
        #expect(try await registry.digests() == [Sample.digest(1), Sample.digest(2)])
        try await registry.delete(Sample.function("b"))
        #expect(try await registry.digests() == [Sample.digest(1)])
    }

    private static func publishesAtOnce(_ registry: some Registry) async throws {
        try await withThrowingTaskGroup { group in
            for digest in 1...20 { group.addTask { try await publish("a", UInt8(digest), in: registry) } }
            for try await published in group { #expect(published.isNew) }
        }
        let numbers = try await registry.function(Sample.function("a"))?.versions.map(\.number.value)
        #expect(numbers == Array(1...20))
    }
}
