/// A linear model that is fitted one observation at a time and forgets old ones: Bayesian, with a Gaussian prior.
///
/// Recursive least squares with exponential forgetting. The textbook update `P = (P − Px·kᵀ)/λ` diverges: rounding makes
/// `Px·kᵀ` a little asymmetric, and that part grows as λ⁻ᵗ. Here the correction is the outer product of one vector with
/// itself, `s = Px/√(λ + xᵀPx)`, which is symmetric to the last bit. Forgetting without news also winds the covariance up
/// without bound; it pauses while the trace is at its limit.
package struct RecursiveLeastSquares<let dimension: Int>: Sendable {
    /// A vector of features or coefficients.
    package typealias Vector = InlineArray<dimension, Double>

    /// What a feature's unit adds to the target.
    package private(set) var coefficients: Vector
    private var covariance: InlineArray<dimension, Vector>
    private let forgetting: Double
    private let traceLimit: Double

    /// Starts with coefficients that are taken to be right within `priorVariance`, in units of the noise's variance.
    ///
    /// An observation's influence falls by `forgetting` (above 0, at most 1) with each later one.
    package init(prior: Vector = Vector(repeating: 0), priorVariance: Double = 1, forgetting: Double = 0.995) {
        self.coefficients = prior
        self.covariance = InlineArray(repeating: Vector(repeating: 0))
        self.forgetting = forgetting
        self.traceLimit = 4 * priorVariance * Double(dimension)
        for row in 0..<dimension { covariance[row][row] = priorVariance }
    }

    /// The sum of the variances: how little is known.
    package var trace: Double {
        var sum = 0.0
        for row in 0..<dimension { sum += covariance[row][row] }
        return sum
    }

    /// What the features let expect.
    package func predict(_ features: Vector) -> Double { Self.dot(coefficients, features) }

    /// The variance of the prediction's mean, in units of the noise's variance.
    package func variance(_ features: Vector) -> Double { Self.dot(spread(features), features) }

    /// Learns that the features came with `target`.
    package mutating func observe(_ features: Vector, _ target: Double) {
        var correction = spread(features)
        // With the trace at its limit nothing is forgotten until news shrinks it.
        let forgetting = trace < traceLimit ? self.forgetting : 1
        let denominator = forgetting + max(0, Self.dot(correction, features))
        let error = target - predict(features)
        let root = denominator.squareRoot()
        for row in 0..<dimension {
            coefficients[row] += correction[row] / denominator * error
            correction[row] /= root
        }
        let growth = 1 / forgetting
        for row in 0..<dimension {
            for column in 0..<dimension {
                covariance[row][column] = (covariance[row][column] - correction[row] * correction[column]) * growth
            }
        }
    }

    private func spread(_ features: Vector) -> Vector {
        var result = Vector(repeating: 0)
        for row in 0..<dimension { result[row] = Self.dot(covariance[row], features) }
        return result
    }

    private static func dot(_ left: Vector, _ right: Vector) -> Double {
        var sum = 0.0
        for index in 0..<dimension { sum += left[index] * right[index] }
        return sum
    }
}
