/// The middle and the spread of values, of which up to half may be wrong.
struct RobustScale: Equatable {
    /// Makes the median absolute deviation of normal values their standard deviation.
    private static let medianFactor = 1.4826
    /// Does the same for the mean absolute deviation.
    private static let meanFactor = 1.253314

    let median: Double
    /// The robust standard deviation; 0 when all values are equal.
    let deviation: Double

    /// Measures values, of which there is at least one.
    init(_ values: [Double]) {
        let median = Self.median(values)
        let distances = values.map { abs($0 - median) }
        let typical = Self.medianFactor * Self.median(distances)
        self.median = median
        // When more than half of the values are equal the median of distances is 0; their mean still tells something
        // (Iglewicz and Hoaglin).
        self.deviation =
            typical > 0
            ? typical : Self.meanFactor * distances.reduce(0, +) / Double(max(distances.count, 1))
    }

    /// How many deviations a value is away; 0 when there is no spread.
    func score(_ value: Double) -> Double { deviation > 0 ? (value - median) / deviation : 0 }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
