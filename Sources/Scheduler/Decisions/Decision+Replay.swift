package import Domain

extension Decision {
    /// The node that would be picked from the recorded candidates if some things were otherwise.
    ///
    /// The same operations in the same order as those of the decision, with the record's lots where candidates are equally
    /// good: without overrides it is the node that was picked, always. Policies other than the adaptive one look at neither
    /// weights nor single times, and a call that explored was not placed by its score; there it is that node whatever is
    /// overridden.
    package func replay(_ overrides: Overrides = Overrides()) -> NodeName? {
        replayedRow(overrides).map { fleet.nodes[Int(rows[$0].slot)].name }
    }

    /// The number of the row that a replay picks.
    func replayedRow(_ overrides: Overrides = Overrides()) -> Int? {
        guard policy == .adaptive, !isExploration, chosenRow != nil else { return chosenRow }
        var scoring = scoring
        if let weights = overrides.weights { scoring.weights = weights }
        var rows = rows
        if !overrides.roundTrips.isEmpty || !overrides.waits.isEmpty {
            for index in rows.indices {
                let name = fleet.nodes[Int(rows[index].slot)].name
                if let value = overrides.roundTrips[name] { rows[index].roundTrip = Ceiling.held(value) }
                if let value = overrides.waits[name] { rows[index].wait = Ceiling.held(value) }
            }
        }
        let scores = Self.scores(rows, scoring.coefficients)
        let best = scores.reduce(.infinity) { min($0, $1) }
        let equals = rows.indices.filter { scores[$0] <= scoring.bound(best) }
        let warm = equals.filter { rows[$0].isWarm }
        return (warm.isEmpty ? equals : warm).min { rows[$0].lot < rows[$1].lot }
    }

    /// The scores of rows, in single precision.
    static func scores(_ rows: [CandidateRow], _ coefficients: Coefficients) -> [Float] {
        var scores: [Float] = []
        for start in stride(from: 0, to: rows.count, by: 4) {
            let block = CandidateBlock(rows, from: start).score(coefficients)
            for lane in 0..<min(4, rows.count - start) { scores.append(block[lane]) }
        }
        return scores
    }
}
