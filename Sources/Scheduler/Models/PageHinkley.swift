/// Notices that the mean of a series has moved, up or down: the Page–Hinkley test.
///
/// It sums deviations from the mean so far, each less a tolerance of δ = 0.2 standard deviations, and raises the alarm
/// when the sum has risen by λ = 25 standard deviations above its least value (Page 1954; Hinkley 1971). A mean that jumps
/// by m deviations is found after about λ/(m − δ) observations. A series that does not move raises it once in some 10⁵
/// observations (Siegmund's approximation, (e^{2δλ} − 1 − 2δλ) / 2δ²); with the customary δ = 0.05 that would be once in 900.
package struct PageHinkley: Sendable {
    private static let tolerance = 0.2
    private static let threshold = 25.0
    /// Deviations are known from so many values on.
    private static let warmUp = 10.0
    /// Series that are all but constant would raise alarms by trifles: 5 % is no drift.
    private static let leastDeviation = 0.05

    private var count = 0.0
    private var mean = 0.0
    private var variance = 0.0
    private var up = 0.0
    private var down = 0.0

    /// Starts with nothing observed.
    package init() {}

    /// Learns a value; true when the mean has moved, with which it starts afresh.
    package mutating func observe(_ value: Double) -> Bool {
        count += 1
        let step = max(1 / count, 0.005)
        let distance = value - mean
        mean += step * distance
        variance += step * (distance * (value - mean) - variance)
        guard count > Self.warmUp else { return false }
        let deviation = max(variance.squareRoot(), Self.leastDeviation)
        // One outlier alone must not raise the alarm.
        let shift = min(max(distance / deviation, -5), 5)
        up = max(0, up + shift - Self.tolerance)
        down = max(0, down - shift - Self.tolerance)
        guard max(up, down) > Self.threshold else { return false }
        self = PageHinkley()
        return true
    }
}
