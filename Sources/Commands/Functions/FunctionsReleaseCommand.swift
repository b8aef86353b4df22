package import ArgumentParser
package import Domain

/// `godwit functions release`.
package struct FunctionsReleaseCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Let versions run again that are in quarantine, on all nodes."
    )

    @Argument(help: "The function, or name:version for one version.", transform: Parse.text)
    package var function: FunctionReference
    @OptionGroup package var node: NodeOptions

    package init() {}

    package func validate() throws {
        if case .alias = function.qualifier { throw ValidationError("name a version; aliases are not in quarantine") }
    }

    package func execute(_ context: CommandContext) async throws {
        let query = if case .version(let number) = function.qualifier { "?version=\(number)" } else { "" }
        let released = try await NodeClient.with(node, context) {
            try await $0.value(QuarantineList.self, "/v1/quarantine/\(function.name)\(query)", by: "DELETE")
        }
        Self.tell(released.value.missing, context)
        for held in released.value.versions {
            context.console.note("Released \(held.function):\(held.version) on \(held.node).")
        }
    }

    static func tell(_ missing: [NodeName]?, _ context: CommandContext) {
        guard let missing else { return }
        context.console.note("Without nodes that do not answer: \(missing.map(\.text).joined(separator: ", ")).")
    }
}
