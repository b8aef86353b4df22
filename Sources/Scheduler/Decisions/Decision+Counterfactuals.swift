import Domain

extension Decision {
    /// How far beyond the closed form a threshold may lie for the choice to flip in single precision, as a share.
    private static let nudges = [1e-9, 1e-7, 1e-6, 1e-5, 1e-4]

    /// Changes of a single thing that would have changed the choice, each tried on the record.
    ///
    /// Points where a candidate overtakes another come in closed form; what is reported has been replayed: with the
    /// threshold another is picked, with 0.99 of the change the choice stands.
    func counterfactuals() -> [Counterfactual] {
        guard policy == .adaptive, !isExploration, let chosenRow, rows.count > 1 else { return [] }
        var found: [Counterfactual] = []
        for kind in WeightKind.allCases { found += weightChanges(kind) }
        let challengers = rows.indices.filter { $0 != chosenRow }
        for row in challengers { found += [roundTripChange(row)].compactMap(\.self) }
        found += [roundTripChange(chosenRow), waitChange(chosenRow)].compactMap(\.self)
        return found
    }

    // MARK: - Kinds

    /// The nearest values of one weight, below and above, from which on another is picked.
    private func weightChanges(_ kind: WeightKind) -> [Counterfactual] {
        let current = scoring.weights[kind]
        let lines = rows.map { weightLine($0, kind) }
        return thresholds(lines, current: current, range: 0...1) { value in
            Overrides(weights: scoring.weights.setting(kind, to: value))
        }
        .map { threshold, winner in
            let direction = threshold < current ? "or less" : "or more"
            return Counterfactual(
                kind: .weight,
                weight: kind,
                subject: nil,
                current: current,
                threshold: threshold,
                winner: winner,
                text: "\(winner) with a weight of \(kind.rawValue) of \(Figure.text(threshold)) \(direction) "
                    + "(now \(Figure.text(current)))"
            )
        }
    }

    /// The nearest round-trip time to a node from which on another is picked: less to a challenger, more to the choice.
    private func roundTripChange(_ index: Int) -> Counterfactual? {
        let row = rows[index]
        guard row.slot != 0 else { return nil }
        let name = fleet.nodes[Int(row.slot)].name
        let current = Double(row.roundTrip)
        let range = index == chosenRow ? current...60_000 : 0...current
        return timeThreshold(index, current: current, range: range) { Overrides(roundTrips: [name: $0]) }
            .map { threshold, winner in
                let direction = threshold < current ? "or less" : "or more"
                return Counterfactual(
                    kind: .roundTrip,
                    weight: nil,
                    subject: name,
                    current: current,
                    threshold: threshold,
                    winner: winner,
                    text: "\(winner) with a round trip to \(name) of \(Figure.milliseconds(threshold)) \(direction) "
                        + "(now \(Figure.milliseconds(current)))"
                )
            }
    }

    /// The wait at the choice from which on another is picked.
    private func waitChange(_ index: Int) -> Counterfactual? {
        let name = fleet.nodes[Int(rows[index].slot)].name
        let current = Double(rows[index].wait)
        return timeThreshold(index, current: current, range: current...600_000) { Overrides(waits: [name: $0]) }
            .map { threshold, winner in
                Counterfactual(
                    kind: .wait,
                    weight: nil,
                    subject: name,
                    current: current,
                    threshold: threshold,
                    winner: winner,
                    text: "\(winner) with a wait at \(name) of \(Figure.milliseconds(threshold)) or more "
                        + "(now \(Figure.milliseconds(current)))"
                )
            }
    }

    private func timeThreshold(
        _ index: Int,
        current: Double,
        range: ClosedRange<Double>,
        _ overrides: (Double) -> Overrides
    ) -> (threshold: Double, winner: NodeName)? {
        let lines = rows.indices.map { $0 == index ? timeLine(rows[$0], current) : constantLine(rows[$0]) }
        return thresholds(lines, current: current, range: range, overrides).first
    }

    // MARK: - Lines

    /// A row's score as its weight of a kind goes from 0 to 1, the others sharing the rest as they do now.
    private func weightLine(_ row: CandidateRow, _ kind: WeightKind) -> LinearScore {
        let references = scoring.references
        func part(_ kind: WeightKind) -> Double {
            switch kind {
            case .latency: Double(row.latency * row.failure) / references.latencyMilliseconds
            case .energy: Double(row.joules) / references.joules
            case .cost: Double(row.cost) / references.cost
            case .carbon: Double(row.grams) / references.grams
            }
        }
        let none = scoring.weights.setting(kind, to: 0)
        let rest = WeightKind.allCases.filter { $0 != kind }.reduce(0) { $0 + none[$1] * part($1) }
        return LinearScore(constant: rest + penalty(row), slope: part(kind) - rest)
    }

    /// A row's score as one of its times moves from what it is now.
    private func timeLine(_ row: CandidateRow, _ current: Double) -> LinearScore {
        let coefficients = scoring.coefficients
        let perMillisecond = Double(row.failure * coefficients.latency[0])
        let hasObjective = scoring.objective.isFinite
        return LinearScore(
            constant: constantLine(row).constant - penalty(row) - perMillisecond * current,
            slope: perMillisecond,
            penalty: Double(coefficients.penalty[0]),
            kinkConstant: hasObjective
                ? Double(row.latency) * Double(row.tailFactor) - scoring.objective - Double(row.tailFactor) * current
                : 0,
            kinkSlope: hasObjective ? Double(row.tailFactor) : 0
        )
    }

    private func constantLine(_ row: CandidateRow) -> LinearScore {
        let coefficients = scoring.coefficients
        return LinearScore(
            constant: Double(row.latency * row.failure) * Double(coefficients.latency[0])
                + Double(row.joules) * Double(coefficients.energy[0]) + Double(row.cost) * Double(coefficients.cost[0])
                + Double(row.grams) * Double(coefficients.carbon[0]) + penalty(row),
            slope: 0
        )
    }

    private func penalty(_ row: CandidateRow) -> Double {
        guard scoring.objective.isFinite else { return 0 }
        return max(0, Double(row.tail) - scoring.objective) * Double(scoring.coefficients.penalty[0])
    }

    // MARK: - Search

    /// The nearest values of a quantity on either side from which on another row is picked.
    ///
    /// A row stops being picked where its score leaves the tie margin of another, or where a warm one enters it; so all
    /// points are looked at where a score is the other's, with or without the margin.
    private func thresholds(
        _ lines: [LinearScore],
        current: Double,
        range: ClosedRange<Double>,
        _ overrides: (Double) -> Overrides
    ) -> [(threshold: Double, winner: NodeName)] {
        let margin = 1 + scoring.tieMargin
        var points: Set<Double> = [range.lowerBound, range.upperBound]
        for left in lines.indices {
            for right in lines.indices where left != right {
                points.formUnion(lines[left].meets(lines[right], times: margin))
            }
        }
        let inRange = points.filter { range.contains($0) && $0 != current }
        let above = inRange.filter { $0 > current }.sorted()
        let below = inRange.filter { $0 < current }.sorted(by: >)
        return [below, above].compactMap { firstFlip($0, current: current, range: range, overrides) }
    }

    private func firstFlip(
        _ points: [Double],
        current: Double,
        range: ClosedRange<Double>,
        _ overrides: (Double) -> Overrides
    ) -> (threshold: Double, winner: NodeName)? {
        for point in points {
            for nudge in Self.nudges {
                let moved = point + (point - current).magnitude * nudge * (point > current ? 1 : -1)
                let value = min(max(moved, range.lowerBound), range.upperBound)
                guard let row = replayedRow(overrides(value)), row != chosenRow else { continue }
                // The first flip counts, and only if the choice stands almost all the way to it.
                let before = current + 0.99 * (value - current)
                guard replayedRow(overrides(before)) == chosenRow else { return nil }
                return (value, fleet.nodes[Int(rows[row].slot)].name)
            }
        }
        return nil
    }
}
