/// A score as a function of one quantity x: a + b·x, and the penalty's part c · max(0, d + e·x).
///
/// All that a counterfactual changes, a weight, a round trip or a wait, enters a score like this, so that the points where
/// one candidate overtakes another are found in closed form.
struct LinearScore: Sendable {
    var constant: Double
    var slope: Double
    var penalty = 0.0
    var kinkConstant = 0.0
    var kinkSlope = 0.0

    /// The score at x.
    func value(_ x: Double) -> Double {
        constant + slope * x + penalty * max(0, kinkConstant + kinkSlope * x)
    }

    /// The points at which this score equals `factor` times another.
    ///
    /// Between the kinks of the two penalties both are straight, so that there is at most one point in each stretch.
    func meets(_ other: LinearScore, times factor: Double) -> [Double] {
        var roots: [Double] = []
        for (ownKink, otherKink) in [(false, false), (false, true), (true, false), (true, true)] {
            let left = straight(withPenalty: ownKink)
            let right = other.straight(withPenalty: otherKink)
            let slope = left.slope - factor * right.slope
            guard slope.magnitude > 1e-300 else { continue }
            let root = (factor * right.constant - left.constant) / slope
            guard root.isFinite, isStretch(root, ownKink), other.isStretch(root, otherKink) else { continue }
            roots.append(root)
        }
        return roots
    }

    private func straight(withPenalty: Bool) -> (constant: Double, slope: Double) {
        withPenalty ? (constant + penalty * kinkConstant, slope + penalty * kinkSlope) : (constant, slope)
    }

    /// Whether the penalty counts at x, or does not, as said; a little of both at the kink itself.
    private func isStretch(_ x: Double, _ withPenalty: Bool) -> Bool {
        let over = kinkConstant + kinkSlope * x
        let slack = 1e-9 * (kinkConstant.magnitude + (kinkSlope * x).magnitude)
        return withPenalty ? over >= -slack : (over <= slack || penalty == 0)
    }
}
