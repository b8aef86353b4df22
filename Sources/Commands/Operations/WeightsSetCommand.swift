package import ArgumentParser
import Domain

/// `godwit weights set`.
package struct WeightsSetCommand: GodwitCommand {
    package static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set weights: for everything, a tier or a function.",
        discussion: """
            Kinds that are not named become 0; the others are scaled to add up to 1. For example:
              godwit weights set latency=0.5 energy=0.4 cost=0.1
              godwit weights set energy=1 --function thumbnails --note "nobody waits for them"
              godwit weights set --preference-share 0.2
            """
    )

    @Argument(
        help: ArgumentHelp("Kind (latency, energy, cost or carbon) and weight.", valueName: "kind=weight"),
        transform: WeightsSetCommand.assignment
    )
    package var weights: [Assignment] = []
    @OptionGroup package var scope: WeightsScope
    @Option(help: ArgumentHelp("How far a caller's preference may move the weights, 0 to 1.", valueName: "share"))
    package var preferenceShare: Double?
    @Option(help: "Why, for the history.") package var note = ""
    @OptionGroup package var revision: RevisionOptions
    @OptionGroup package var node: NodeOptions
    @OptionGroup package var output: OutputOptions

    package init() {}

    @Sendable
    private static func assignment(_ raw: String) throws -> Assignment {
        let assignment = try Assignment.parse(raw)
        guard WeightKind(rawValue: assignment.name) != nil else {
            let hint = NearestName.hint(for: assignment.name, among: WeightKind.allCases.map(\.rawValue))
            throw ValidationError("'\(Printable.text(assignment.name))' is no kind of weight; \(hint)")
        }
        return assignment
    }

    package func validate() throws {
        do {
            _ = try chosen()
        } catch let error as Invalid {
            throw ValidationError("\(error)")
        }
        if let preferenceShare, !(0...1).contains(preferenceShare) {
            throw ValidationError("--preference-share is from 0 to 1")
        }
        guard preferenceShare == nil || scope.isGlobal else {
            throw ValidationError("--preference-share holds for everything; leave out --function and --tier")
        }
        guard preferenceShare != nil || !weights.isEmpty else {
            throw ValidationError("name a weight, for example latency=0.5 energy=0.5")
        }
    }

    /// The weights that were named; nil when none was.
    private func chosen() throws -> Weights? {
        let values = try Assignment.values(weights)
        guard !values.isEmpty else { return nil }
        return try Weights(
            latency: values["latency"] ?? 0,
            energy: values["energy"] ?? 0,
            cost: values["cost"] ?? 0,
            carbon: values["carbon"] ?? 0
        )
    }

    package func execute(_ context: CommandContext) async throws {
        let chosen = try chosen()
        let answer = try await NodeClient.with(node, context) { client in
            try await client.revise(WeightRevision.self, onlyOn: revision.ifMatch, context) { current in
                var table = current.table
                if let chosen { scope.set(chosen, in: &table) }
                if let preferenceShare { table.preferenceShare = preferenceShare }
                return try JSONText.bytes(WeightsChange(table: try table.validated(), note: note))
            }
        }
        if output.json { return answer.writeJSON(to: context.console) }
        WeightsText.table(answer.value.table).forEach(context.console.line)
        context.console.note("The weights are of revision \(answer.value.revision) now.")
    }
}
