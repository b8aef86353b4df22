/// How a function's time grows with its input: the exponent of a power law, fitted as it goes.
///
/// log t − ȳ = bias + β·(x − x̄) with x = ln(1 + bytes / 1 KiB), so that inputs well below a kibibyte do not matter, and ȳ
/// and x̄ the running means of the class of devices: centred features keep the fit well conditioned, and only
/// differences within a class count. The bias takes up what the mean has not learned yet.
package struct SizeSlope: Sendable {
    private var model = RecursiveLeastSquares<2>(priorVariance: 0.2, forgetting: 0.998)

    /// Starts with no growth.
    package init() {}

    /// The feature x of a size in bytes.
    package static func feature(_ bytes: UInt64) -> Double { Math.log(1 + Double(bytes) / 1024) }

    /// The exponent β, held between no growth and that of an algorithm worse than n·log n.
    package var exponent: Double { min(max(model.coefficients[1], 0), 1.5) }

    /// Learns that a call whose feature lay `distance` from its class's mean took `excess` more than that mean, as a
    /// logarithm.
    package mutating func observe(excess: Double, distance: Double) {
        var features = RecursiveLeastSquares<2>.Vector(repeating: 1)
        features[1] = distance
        model.observe(features, excess)
    }
}
