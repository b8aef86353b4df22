import Domain

/// What the chosen candidate's time and score are made of, next to those of the runner-up.
///
/// What is shown adds up, down each column and across each row.
struct ExplainComparison {
    let chosen: CandidateReport
    /// Nil where there was no other, or it is not among those that were kept.
    let runnerUp: CandidateReport?

    /// Where the predicted time goes.
    var times: [String] {
        let most = max(chosen.terms.sum, runnerUp?.terms.sum ?? 0)
        return lines(
            ["network", "transfer", "wait", "cold start", "execution", "time"],
            unit: "ms",
            decimals: most < 10 ? 3 : most < 100 ? 2 : 1
        ) { [$0.terms.network, $0.terms.transfer, $0.terms.wait, $0.terms.cold, $0.terms.execution] }
    }

    /// What the score is made of.
    var scores: [String] {
        lines(["latency", "energy", "cost", "carbon", "penalty", "score"], unit: "weighted", decimals: 3) {
            let parts = $0.contributions
            return [parts.latency, parts.energy, parts.cost, parts.carbon, parts.penalty]
        }
    }

    /// A row for each part and one for the sum; names are those of the rows.
    private func lines(
        _ names: [String],
        unit: String,
        decimals: Int,
        _ parts: (CandidateReport) -> [Double]
    ) -> [String] {
        let own = RoundedSum(parts(chosen), decimals: decimals)
        let heading = "\(names.last?.uppercased() ?? ""), \(unit)"
        guard let runnerUp else {
            var table = Table(heading, ">\(chosen.node)")
            for (name, part) in zip(names, own.parts + [own.total]) { table.add(name, part) }
            return table.lines
        }
        let other = RoundedSum(parts(runnerUp), decimals: decimals)
        let difference = own - other
        var table = Table(heading, ">\(chosen.node)", ">\(runnerUp.node)", ">DIFFERENCE")
        for (index, name) in names.enumerated() {
            table.add(
                name,
                (own.parts + [own.total])[index],
                (other.parts + [other.total])[index],
                (difference.signedParts + [difference.signedTotal])[index]
            )
        }
        return table.lines
    }
}
