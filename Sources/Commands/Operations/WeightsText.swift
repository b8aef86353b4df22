import Domain

/// Weights for people.
enum WeightsText {
    /// What a revision is, beside its weights.
    static func facts(_ revision: WeightRevision, now: Timestamp) -> [String] {
        Facts.lines([
            ("revision", "\(revision.revision)"),
            ("changed", "\(Human.time(revision.changed)) UTC, \(Human.distance(to: revision.changed, from: now))"),
            ("by", revision.author),
            ("note", revision.note.isEmpty ? nil : revision.note),
            ("preference", "callers may move them by \(Human.percent(revision.table.preferenceShare))"),
        ])
    }

    /// The weights for everything, for tiers and for functions.
    static func table(_ weights: WeightTable) -> [String] {
        var table = Table("WEIGHTS FOR", ">LATENCY", ">ENERGY", ">COST", ">CARBON")
        add("everything", weights.global, to: &table)
        for (tier, weights) in weights.tiers.sorted(by: { $0.key.text < $1.key.text }) {
            add("tier \(tier)", weights, to: &table)
        }
        for (function, weights) in weights.functions.sorted(by: { $0.key.text < $1.key.text }) {
            add("function \(function)", weights, to: &table)
        }
        return table.lines
    }

    /// Revisions, newest first.
    static func history(_ revisions: [WeightRevision], now: Timestamp) -> [String] {
        var table = Table(
            ">REVISION",
            "CHANGED",
            "BY",
            ">LATENCY",
            ">ENERGY",
            ">COST",
            ">CARBON",
            ">TIERS",
            ">FUNCTIONS",
            "NOTE"
        )
        for revision in revisions {
            let shares = shares(revision.table.global)
            table.add(
                "\(revision.revision)",
                Human.distance(to: revision.changed, from: now),
                revision.author,
                shares[0],
                shares[1],
                shares[2],
                shares[3],
                "\(revision.table.tiers.count)",
                "\(revision.table.functions.count)",
                revision.note
            )
        }
        return table.lines
    }

    /// The four weights, which add up to 1 as shown.
    static func shares(_ weights: Weights) -> [String] {
        RoundedSum(WeightKind.allCases.map { weights[$0] }, decimals: 3).parts
    }

    private static func add(_ name: String, _ weights: Weights, to table: inout Table) {
        let shares = shares(weights)
        table.add(name, shares[0], shares[1], shares[2], shares[3])
    }
}
