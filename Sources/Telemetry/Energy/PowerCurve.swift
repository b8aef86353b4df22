/// The electrical power of a whole node against the utilisation of its CPUs.
package struct PowerCurve: Hashable, Sendable {
    /// Power at one utilisation.
    package struct Point: Hashable, Sendable {
        /// Share of all CPU time that is busy, 0 to 1.
        package let utilisation: Double
        /// Power of the node in watts.
        package let watts: Double

        /// Makes a point; a curve checks it.
        package init(utilisation: Double, watts: Double) {
            self.utilisation = utilisation
            self.watts = watts
        }
    }

    enum Shape: Hashable {
        case exponent(Double)
        case table([Point])
    }

    /// What the curve is called, for `godwit doctor` and the like.
    package let name: String
    /// Where its numbers come from.
    package let source: String
    /// Power at rest, in watts.
    package let idleWatts: Double
    /// Power with every core busy, in watts.
    package let maxWatts: Double
    let shape: Shape

    /// A curve of the form idle + (max − idle) · utilisation^exponent; 1 is a straight line.
    package init(
        name: String,
        source: String,
        idleWatts: Double,
        maxWatts: Double,
        exponent: Double = 1
    ) throws(InvalidPowerCurve) {
        guard idleWatts.isFinite, idleWatts >= 0 else {
            throw InvalidPowerCurve(description: "idle power must be 0 W or more, not \(idleWatts)")
        }
        guard maxWatts.isFinite, maxWatts >= idleWatts else {
            throw InvalidPowerCurve(description: "maximum power must be at least the idle power, not \(maxWatts) W")
        }
        guard exponent.isFinite, exponent > 0, exponent <= 10 else {
            throw InvalidPowerCurve(description: "the exponent must be above 0 and at most 10, not \(exponent)")
        }
        self.init(name, source, idleWatts, maxWatts, .exponent(exponent))
    }

    /// A curve through points, straight between them.
    ///
    /// At least two, the first at utilisation 0, the last at 1, utilisation rising, power never falling.
    package init(name: String, source: String, points: [Point]) throws(InvalidPowerCurve) {
        guard let first = points.first, let last = points.last, first.utilisation == 0, last.utilisation == 1 else {
            throw InvalidPowerCurve(description: "the first point must be at utilisation 0 and the last at 1")
        }
        for (left, right) in zip(points, points.dropFirst()) {
            guard left.utilisation < right.utilisation, left.watts <= right.watts else {
                throw InvalidPowerCurve(
                    description: "utilisation must rise and power must not fall from point to point, "
                        + "unlike from \(left.utilisation): \(left.watts) W to \(right.utilisation): \(right.watts) W"
                )
            }
        }
        guard first.watts >= 0, last.watts.isFinite else {
            throw InvalidPowerCurve(description: "power must be 0 W or more")
        }
        self.init(name, source, first.watts, last.watts, .table(points))
    }

    /// Takes what is known to be a curve.
    init(_ name: String, _ source: String, _ idleWatts: Double, _ maxWatts: Double, _ shape: Shape) {
        self.name = name
        self.source = source
        self.idleWatts = idleWatts
        self.maxWatts = maxWatts
        self.shape = shape
    }

    /// Power in watts at a utilisation, which is clamped to 0...1.
    package func watts(at utilisation: Double) -> Double {
        let utilisation = utilisation.isNaN ? 0 : min(max(utilisation, 0), 1)
        switch shape {
        case .exponent(let exponent):
            return idleWatts + (maxWatts - idleWatts) * System.power(utilisation, exponent)
        case .table(let points):
            for (left, right) in zip(points, points.dropFirst()) where utilisation <= right.utilisation {
                let share = (utilisation - left.utilisation) / (right.utilisation - left.utilisation)
                return left.watts + (right.watts - left.watts) * share
            }
            return maxWatts
        }
    }

    /// Power in watts beyond that at rest.
    package func dynamicWatts(at utilisation: Double) -> Double { watts(at: utilisation) - idleWatts }
}
