/// How a subject stands to the reference: the middle of the rounds' own ratios, and how far they lie apart.
///
/// A round's subjects run next to one another in time, so that what disturbs the machine for longer than a round falls
/// on both sides of its ratio.
struct Ratio: Hashable, Sendable, Codable {
    let median: Double
    let low: Double
    let high: Double

    /// Nil when there is no round with both, or the reference is 0.
    init?(_ values: [Double], to reference: [Double]) {
        let ratios = zip(values, reference).filter { $0.1 > 0 }.map { $0.0 / $0.1 }
        guard let low = ratios.min(), let high = ratios.max() else { return nil }
        self.median = Statistics.median(ratios)
        self.low = low
        self.high = high
    }
}
