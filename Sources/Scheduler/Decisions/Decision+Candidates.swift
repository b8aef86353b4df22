import Domain

extension Decision {
    /// The parts of each row's score, as they were computed, in the order of the rows.
    func contributions(of rows: [CandidateRow], _ coefficients: Coefficients) -> [CandidateReport.Contributions] {
        var parts: [CandidateReport.Contributions] = []
        for start in stride(from: 0, to: rows.count, by: 4) {
            let block = CandidateBlock(rows, from: start)
            let latency = block.latencyPart(coefficients)
            let energy = block.energyPart(coefficients)
            let cost = block.costPart(coefficients)
            let carbon = block.carbonPart(coefficients)
            let penalty = block.penaltyPart(coefficients)
            for lane in 0..<min(4, rows.count - start) {
                parts.append(
                    CandidateReport.Contributions(
                        latency: Double(latency[lane]),
                        energy: Double(energy[lane]),
                        cost: Double(cost[lane]),
                        carbon: Double(carbon[lane]),
                        penalty: Double(penalty[lane])
                    )
                )
            }
        }
        return parts
    }

    /// All recorded candidates with what speaks against them, best first.
    ///
    /// A score is the sum of its parts in double precision, and a median that of its terms.
    func candidateReports() -> [CandidateReport] {
        let parts = contributions(of: rows, scoring.coefficients)
        let chosen = chosenRow.map { (row: rows[$0], parts: parts[$0]) }
        let reports = rows.indices.map { index in
            let row = rows[index]
            let node = fleet.nodes[Int(row.slot)]
            let terms = CandidateReport.Terms(
                network: Double(row.roundTrip),
                transfer: Double(row.transfer),
                wait: Double(row.wait),
                cold: Double(row.cold),
                execution: Double(row.execution)
            )
            let isChosen = index == chosenRow
            return CandidateReport(
                node: node.name,
                tier: node.tier,
                score: parts[index].sum,
                contributions: parts[index],
                p50: terms.sum,
                tail: Double(row.tail),
                terms: terms,
                joules: Double(row.joules),
                cost: Double(row.cost),
                grams: Double(row.grams),
                coldProbability: Double(row.coldProbability),
                observations: Int(row.observations),
                whyNot: isChosen ? "" : chosen.map { whyNot(row, parts[index], than: $0.row, $0.parts) } ?? ""
            )
        }
        return reports.enumerated()
            .sorted { ($0.element.score, $0.offset) < ($1.element.score, $1.offset) }
            .map(\.element)
    }

    /// What speaks against a candidate compared with the chosen one, most first.
    private func whyNot(
        _ row: CandidateRow,
        _ parts: CandidateReport.Contributions,
        than chosen: CandidateRow,
        _ chosenParts: CandidateReport.Contributions
    ) -> String {
        var reasons: [(weight: Double, text: String)] = []
        let over = Double(row.tail) - scoring.objective
        if over > 0 {
            let text = "misses the objective at \(Figure.quantile(scoring.quantile)) by \(Figure.milliseconds(over))"
            reasons.append((parts.penalty - chosenParts.penalty, text))
        }
        // Of the latency, the terms that are longer, each by its own share of the score.
        let perMillisecond = Double(scoring.coefficients.latency[0])
        let terms: [(name: String, value: Float, other: Float)] = [
            ("network", row.roundTrip + row.transfer, chosen.roundTrip + chosen.transfer),
            ("wait", row.wait, chosen.wait),
            ("cold start", row.cold, chosen.cold),
            ("execution", row.execution, chosen.execution),
        ]
        for term in terms {
            let more = Double(term.value - term.other)
            let text = "\(term.name) +\(Figure.milliseconds(more))"
            if more > 0 { reasons.append((more * perMillisecond, text)) }
        }
        let energy = Double(row.joules - chosen.joules)
        if energy > 0 { reasons.append((parts.energy - chosenParts.energy, "energy +\(Figure.text(energy)) J")) }
        let cost = Double(row.cost - chosen.cost)
        if cost > 0 { reasons.append((parts.cost - chosenParts.cost, "cost +\(Figure.text(cost))")) }
        let grams = Double(row.grams - chosen.grams)
        if grams > 0 { reasons.append((parts.carbon - chosenParts.carbon, "carbon +\(Figure.text(grams)) g")) }
        if row.failure > chosen.failure {
            let share = Double(1 - 1 / row.failure) * 100
            let weight = Double((row.failure - chosen.failure) * row.latency) * perMillisecond
            reasons.append((weight, "loses about \(Figure.text(share)) % of its calls"))
        }
        let telling = reasons.filter { $0.weight > 0 }.sorted { $0.weight > $1.weight }.prefix(3).map(\.text)
        if isExploration { return "another was tried in order to learn" }
        if policy == .adaptive, parts.sum <= chosenParts.sum * (1 + scoring.tieMargin) {
            return row.isWarm || !chosen.isWarm
                ? "as good; chance decided" : "as good, but probably without a warm instance"
        }
        guard policy == .adaptive || !telling.isEmpty else { return "policy \(policy.rawValue) picked another" }
        return telling.isEmpty ? "its score is higher" : telling.joined(separator: ", ")
    }
}
