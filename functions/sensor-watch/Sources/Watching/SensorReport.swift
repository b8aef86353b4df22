/// What is odd about one sensor.
public struct SensorReport: Sendable, Codable, Equatable {
    /// A value far from the others.
    public struct Anomaly: Sendable, Codable, Equatable {
        /// When it was read.
        public var time: Double
        /// The value.
        public var value: Double
        /// How many robust standard deviations it is away from the median.
        public var score: Double
    }

    /// A time without readings.
    public struct Gap: Sendable, Codable, Equatable {
        /// The last reading before it.
        public var from: Double
        /// The first reading after it.
        public var to: Double
        /// How many readings are missing at the sensor's usual interval.
        public var missing: Int
    }

    /// A run of equal values.
    public struct Stuck: Sendable, Codable, Equatable {
        /// The first reading of the run.
        public var from: Double
        /// The last reading of the run.
        public var to: Double
        /// The value.
        public var value: Double
        /// How many readings have it.
        public var count: Int
    }

    /// The sensor's name.
    public var sensor: String
    /// How many readings it has.
    public var count: Int
    /// The median of its values.
    public var median: Double
    /// The robust standard deviation of its values.
    public var deviation: Double
    /// Values far from the others, in order of time.
    public var anomalies: [Anomaly]
    /// Times without readings, in order.
    public var gaps: [Gap]
    /// Runs of equal values, in order of time.
    public var stuck: [Stuck]
}
