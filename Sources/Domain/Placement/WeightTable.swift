/// The weights of a continuum: for all, for tiers and for single functions.
///
/// Those of a function win over those of a tier, those of a tier over the global ones. The tier is that of the node
/// which decides.
package struct WeightTable: Hashable, Sendable, Codable {
    /// Functions and tiers that may have weights of their own.
    package static let entryLimit = 1000

    package var global: Weights
    package var functions: [FunctionName: Weights]
    package var tiers: [Tier: Weights]
    /// How far a caller's preference may move the weights, 0 (not at all) to 1 (wholly).
    package var preferenceShare: Double

    package init(
        global: Weights = .standard,
        functions: [FunctionName: Weights] = [:],
        tiers: [Tier: Weights] = [:],
        preferenceShare: Double = 0.5
    ) {
        self.global = global
        self.functions = functions
        self.tiers = tiers
        self.preferenceShare = preferenceShare
    }

    /// The weights for a call of a function that is placed by a node of a tier.
    package func weights(for function: FunctionName, at tier: Tier, preferring preference: WeightKind? = nil) -> Weights
    {
        let base = functions[function] ?? tiers[tier] ?? global
        return preference.map { base.leaning(to: $0, by: preferenceShare) } ?? base
    }

    /// Refuses tables that are too large or let callers do more than everything.
    package func validated() throws(Invalid) -> WeightTable {
        guard functions.count + tiers.count <= Self.entryLimit else {
            throw Invalid("weights", "may be set for at most \(Self.entryLimit) functions and tiers")
        }
        guard (0...1).contains(preferenceShare) else {
            throw Invalid("preferenceShare", "\(preferenceShare) must be from 0 to 1")
        }
        return self
    }
}

extension WeightTable {
    private enum CodingKeys: String, CodingKey { case global, functions, tiers, preferenceShare }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let functions = try values.decodeIfPresent([String: Weights].self, forKey: .functions) ?? [:]
        let tiers = try values.decodeIfPresent([String: Weights].self, forKey: .tiers) ?? [:]
        self.init(global: try values.decodeIfPresent(Weights.self, forKey: .global) ?? .standard)
        preferenceShare = try values.decodeIfPresent(Double.self, forKey: .preferenceShare) ?? 0.5
        do {
            for (name, weights) in functions { self.functions[try FunctionName(name)] = weights }
            for (name, weights) in tiers { self.tiers[try Tier(name)] = weights }
            self = try validated()
        } catch {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: error.description)
            )
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(global, forKey: .global)
        try values.encode(preferenceShare, forKey: .preferenceShare)
        // Keys as texts: a dictionary with other keys would become a list in JSON.
        try values.encode(
            Dictionary(uniqueKeysWithValues: functions.map { ($0.key.text, $0.value) }),
            forKey: .functions
        )
        try values.encode(Dictionary(uniqueKeysWithValues: tiers.map { ($0.key.text, $0.value) }), forKey: .tiers)
    }
}
