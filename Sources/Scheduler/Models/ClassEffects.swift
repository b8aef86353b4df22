package import Domain

/// How much slower or faster than the average a class of devices runs functions, in logarithms.
///
/// The effect of a class is what the classes' micro-benchmarks say, as the mean logarithm of how their speeds relate, and
/// a deviation b from that, which is learned from all functions that ran there: b += η·(log t − a − effect), with a the
/// function's own effect. What all deviations have in common is the functions', so that they are kept at a mean of 0.
/// One factor per class is wrong by up to five times for single functions, so that it only guides the first few calls of
/// a function on a class (``ClassTable``).
package struct ClassEffects: Sendable {
    /// Observations for which a micro-benchmark counts.
    private static let benchmarkWeight = 10.0
    private static let leastStep = 0.01

    private var learned: [Double] = []
    private var observations: [Double] = []
    private var speeds: [Double?] = []
    private var meanSpeed = 0.0

    /// Starts without classes.
    package init() {}

    /// Number of classes.
    package var count: Int { learned.count }

    /// Adds a class, which gets the next number.
    package mutating func add() {
        learned.append(0)
        observations.append(0)
        speeds.append(nil)
    }

    /// Takes the micro-benchmark of a node of a class; further ones move it slowly.
    package mutating func benchmarked(_ profile: SpeedProfile, class index: Int) {
        let speed = Self.logSpeed(profile)
        guard speeds.indices.contains(index), let speed else { return }
        speeds[index] = speeds[index].map { $0 + 0.2 * (speed - $0) } ?? speed
        let known = speeds.compactMap(\.self)
        meanSpeed = known.reduce(0, +) / Double(max(1, known.count))
    }

    /// The effect of a class; 0 for one of which nothing is known.
    package subscript(index: Int) -> Double {
        guard learned.indices.contains(index) else { return 0 }
        return learned[index] + (speeds[index].map { meanSpeed - $0 } ?? 0)
    }

    /// Learns what a call took on a class, beyond its function's own effect, as a logarithm.
    package mutating func observe(_ excess: Double, class index: Int) {
        guard learned.indices.contains(index) else { return }
        observations[index] = min(observations[index] + 1, 1 / Self.leastStep)
        let step = max(Self.leastStep, 1 / (observations[index] + Self.benchmarkWeight)) * (excess - self[index])
        learned[index] += step
        // Else a class that is judged by its own functions alone would be carried off without bound: their effects follow
        // its own, and calls that count less in them than here pull always the same way.
        let common = step / Double(observations.count { $0 > 0 })
        for other in learned.indices where observations[other] > 0 { learned[other] -= common }
    }

    /// Mean logarithm of the speeds that were measured; nil when none was.
    private static func logSpeed(_ profile: SpeedProfile) -> Double? {
        let parts = [profile.integer, profile.floating, profile.memory, profile.hashing].filter {
            $0 > 0 && $0.isFinite
        }
        guard !parts.isEmpty else { return nil }
        return parts.reduce(0) { $0 + Math.log($1) } / Double(parts.count)
    }
}
