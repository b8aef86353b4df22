package import ArgumentParser
package import Domain

/// Whose weights a command is for; without an option, those for everything.
package struct WeightsScope: ParsableArguments {
    @Option(help: "The weights of one function.", transform: Parse.text) package var function: FunctionName?
    @Option(help: "The weights of the nodes of one tier.", transform: Parse.text) package var tier: Tier?

    package init() {}

    package func validate() throws {
        guard function == nil || tier == nil else { throw ValidationError("give --function or --tier, not both") }
    }

    /// Whether the weights are those for everything.
    var isGlobal: Bool { function == nil && tier == nil }

    /// The entry in words.
    var text: String { function.map { "function \($0)" } ?? tier.map { "tier \($0)" } ?? "everything" }

    /// Whether a table has weights for exactly this.
    func isSet(in table: WeightTable) -> Bool {
        if let function { return table.functions[function] != nil }
        if let tier { return table.tiers[tier] != nil }
        return true
    }

    /// Gives the entry weights; nil removes it, but for the one for everything.
    func set(_ weights: Weights?, in table: inout WeightTable) {
        if let function {
            table.functions[function] = weights
        } else if let tier {
            table.tiers[tier] = weights
        } else if let weights {
            table.global = weights
        }
    }
}
