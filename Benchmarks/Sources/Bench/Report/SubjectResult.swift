/// What was measured of one subject of a case.
struct SubjectResult: Hashable, Sendable, Codable {
    let name: String
    /// Whether the others are compared with it.
    let isReference: Bool
    var series: [Series] = []

    subscript(metric: Metric) -> Series? { series.first { $0.metric.id == metric.id } }

    /// Adds a round.
    mutating func append(_ sample: Sample) {
        for (metric, value) in sample {
            if let index = series.firstIndex(where: { $0.metric.id == metric.id }) {
                series[index].append(value)
            } else {
                series.append(Series(metric, [value]))
            }
        }
    }

    /// Sets the ratios to a reference.
    mutating func compare(with reference: SubjectResult) {
        for index in series.indices {
            guard let other = reference[series[index].metric] else { continue }
            series[index].ratio = Ratio(series[index].rounds, to: other.rounds)
        }
    }
}
