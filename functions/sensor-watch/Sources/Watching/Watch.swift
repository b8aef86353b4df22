/// Looks for what is odd in readings.
public struct Watch: Sendable {
    private let threshold: Double
    private let gapFactor: Double
    private let stuckCount: Int

    /// Says what counts as odd; nil when one of the limits makes no sense.
    ///
    /// - Parameters:
    ///   - threshold: Robust standard deviations from the median; 3.5 when nil.
    ///   - gapFactor: Usual intervals without a reading; 2.5 when nil.
    ///   - stuckCount: Equal values in a row; 6 when nil.
    public init?(threshold: Double? = nil, gapFactor: Double? = nil, stuckCount: Int? = nil) {
        self.threshold = threshold ?? 3.5
        self.gapFactor = gapFactor ?? 2.5
        self.stuckCount = stuckCount ?? 6
        guard self.threshold > 0, self.gapFactor > 1, self.stuckCount > 1 else { return nil }
    }

    /// A report for each sensor, by name; the order of readings does not matter.
    public func examine(_ readings: [Reading]) -> [SensorReport] {
        Dictionary(grouping: readings, by: \.sensor)
            .map { sensor, readings in report(sensor, readings.sorted { $0.time < $1.time }) }
            .sorted { $0.sensor < $1.sensor }
    }

    private func report(_ sensor: String, _ readings: [Reading]) -> SensorReport {
        let scale = RobustScale(readings.map(\.value))
        return SensorReport(
            sensor: sensor,
            count: readings.count,
            median: scale.median,
            deviation: scale.deviation,
            anomalies: readings.compactMap { reading in
                let score = scale.score(reading.value)
                guard abs(score) > threshold else { return nil }
                return SensorReport.Anomaly(time: reading.time, value: reading.value, score: score)
            },
            gaps: gaps(readings.map(\.time)),
            stuck: runs(readings)
        )
    }

    private func gaps(_ times: [Double]) -> [SensorReport.Gap] {
        let steps = zip(times, times.dropFirst())
        let usual = RobustScale.median(steps.map { $1 - $0 })
        // Two intervals do not tell which of them is usual.
        guard times.count > 3, usual > 0 else { return [] }
        return steps.compactMap { from, to in
            guard to - from > gapFactor * usual else { return nil }
            let missing = ((to - from) / usual).rounded() - 1
            return SensorReport.Gap(from: from, to: to, missing: Int(min(missing, 1e9)))
        }
    }

    private func runs(_ readings: [Reading]) -> [SensorReport.Stuck] {
        var runs: [SensorReport.Stuck] = []
        for reading in readings {
            if let last = runs.last, last.value == reading.value {
                runs[runs.count - 1].to = reading.time
                runs[runs.count - 1].count += 1
            } else {
                runs.append(.init(from: reading.time, to: reading.time, value: reading.value, count: 1))
            }
        }
        return runs.filter { $0.count >= stuckCount }
    }
}
