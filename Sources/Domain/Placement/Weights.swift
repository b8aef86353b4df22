/// How latency, energy, cost and carbon are traded against one another: shares that add up to 1.
package struct Weights: Hashable, Sendable {
    package let latency: Double
    package let energy: Double
    package let cost: Double
    package let carbon: Double

    /// What a continuum starts with.
    package static let standard = Weights(shares: 0.6, 0.3, 0.05, 0.05)

    private init(shares latency: Double, _ energy: Double, _ cost: Double, _ carbon: Double) {
        self.latency = latency
        self.energy = energy
        self.cost = cost
        self.carbon = carbon
    }

    /// Takes any numbers from 0 on, of which one at least is more, and scales them to add up to 1.
    package init(latency: Double, energy: Double, cost: Double, carbon: Double) throws(Invalid) {
        for (kind, value) in zip(WeightKind.allCases, [latency, energy, cost, carbon]) {
            guard value.isFinite, value >= 0, value <= 1e6 else {
                throw Invalid("weights.\(kind.rawValue)", "\(value) must be a number from 0 to 1000000")
            }
        }
        let sum = latency + energy + cost + carbon
        guard sum > 0 else { throw Invalid("weights", "are all zero; give one of them at least a share") }
        self.init(shares: latency / sum, energy / sum, cost / sum, carbon / sum)
    }

    /// One weight has everything.
    package init(only kind: WeightKind) {
        self.init(
            shares: kind == .latency ? 1 : 0,
            kind == .energy ? 1 : 0,
            kind == .cost ? 1 : 0,
            kind == .carbon ? 1 : 0
        )
    }

    package subscript(kind: WeightKind) -> Double {
        switch kind {
        case .latency: latency
        case .energy: energy
        case .cost: cost
        case .carbon: carbon
        }
    }

    /// These weights with one of them set to `value` (0 to 1) and the others scaled to share the rest as before.
    ///
    /// Where the others are all zero they share it equally.
    package func setting(_ kind: WeightKind, to value: Double) -> Weights {
        let value = min(max(value, 0), 1)
        let rest = 1 - self[kind]
        func scaled(_ other: WeightKind) -> Double {
            if other == kind { return value }
            return rest > 0 ? self[other] / rest * (1 - value) : (1 - value) / 3
        }
        return Weights(shares: scaled(.latency), scaled(.energy), scaled(.cost), scaled(.carbon))
    }

    /// These weights moved by a share (0 to 1) towards `kind`.
    package func leaning(to kind: WeightKind, by share: Double) -> Weights {
        let share = min(max(share, 0), 1)
        func moved(_ other: WeightKind) -> Double { self[other] * (1 - share) + (other == kind ? share : 0) }
        return Weights(shares: moved(.latency), moved(.energy), moved(.cost), moved(.carbon))
    }
}

extension Weights: Codable {
    private enum CodingKeys: String, CodingKey { case latency, energy, cost, carbon }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func share(_ key: CodingKeys) throws -> Double { try values.decodeIfPresent(Double.self, forKey: key) ?? 0 }
        do {
            try self.init(
                latency: share(.latency),
                energy: share(.energy),
                cost: share(.cost),
                carbon: share(.carbon)
            )
        } catch let error as Invalid {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: error.reason))
        }
    }
}
