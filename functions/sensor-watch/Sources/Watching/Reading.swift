/// One value of one sensor.
public struct Reading: Sendable, Codable, Equatable {
    /// The sensor's name.
    public var sensor: String
    /// Seconds, from any epoch.
    public var time: Double
    /// What was measured.
    public var value: Double

    /// Makes a reading.
    public init(sensor: String, time: Double, value: Double) {
        self.sensor = sensor
        self.time = time
        self.value = value
    }
}
