/// Durations of the same thing done again and again.
struct Times {
    private var nanoseconds: [Int64] = []

    init(expected count: Int) { nanoseconds.reserveCapacity(count) }

    mutating func append(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        nanoseconds.append(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    /// The smallest time that at least this share of all times do not exceed; 0 of none.
    func quantile(_ share: Double) -> Int64 {
        guard !nanoseconds.isEmpty else { return 0 }
        let rank = Int((share * Double(nanoseconds.count)).rounded(.up))
        return nanoseconds.sorted()[min(max(rank, 1), nanoseconds.count) - 1]
    }

    /// What two readings of the clock with nothing between them take.
    static var ofTheClock: Times {
        let clock = ContinuousClock()
        var times = Times(expected: 10_000)
        for _ in 0..<10_000 {
            let begin = clock.now
            times.append(clock.now - begin)
        }
        return times
    }
}
