package import Domain
package import Fabric
import Synchronization

/// The functions of the registry, at hand in memory for every call.
package final class Catalogue: Sendable {
    private let registry: any Registry
    private let functions = Mutex<[FunctionName: PublishedFunction]>([:])
    private let onChange = Mutex<(@Sendable ([FunctionVersion]) -> Void)?>(nil)

    package init(registry: any Registry) { self.registry = registry }

    /// Sets what is to be told of the versions that calls can reach, whenever they change.
    package func onChange(_ action: @escaping @Sendable ([FunctionVersion]) -> Void) {
        onChange.withLock { $0 = action }
        action(reachable)
    }

    /// Reads everything from the registry again.
    package func reload() async throws {
        let all = try await registry.functions()
        functions.withLock { $0 = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) }) }
        onChange.withLock { $0 }?(reachable)
    }

    /// The version that a call of `reference` runs; `draw` is uniform in 0..<1.
    package func resolve(_ reference: FunctionReference, draw: @autoclosure () -> Double) -> FunctionVersion? {
        functions.withLock { functions in
            guard let function = functions[reference.name] else { return nil }
            if reference.qualifier == .latest, function.aliases.isEmpty { return function.latest }
            return function.resolve(reference.qualifier, draw: draw())
        }
    }

    /// One function, or nil.
    package func function(_ name: FunctionName) -> PublishedFunction? { functions.withLock { $0[name] } }

    /// All functions, ordered by name.
    package var all: [PublishedFunction] {
        functions.withLock { $0.values.sorted { $0.name.text < $1.name.text } }
    }

    /// The versions that a call can reach without naming a version: the newest, or those of `live`, and of all aliases.
    package var reachable: [FunctionVersion] {
        functions.withLock { functions in
            functions.values.flatMap { function in
                let isLive = function.aliases.contains { $0.name.text == PublishedFunction.liveAlias }
                return function.versions.filter { version in
                    function.aliases.contains { $0.pointsTo(version.number) }
                        || (!isLive && version.number == function.latest?.number)
                }
            }
        }
    }
}
