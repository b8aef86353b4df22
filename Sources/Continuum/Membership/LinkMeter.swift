/// What is known of the way to a peer: round-trip time and bandwidth, from samples at irregular times.
///
/// Round trips go into two exponentially weighted averages whose weights depend on the time since the last sample, so
/// that ten probes in a burst count no more than the span they cover. The estimate is pessimistic at once and
/// optimistic slowly: a link that got worse is avoided within a second, and trusted again within minutes.
package struct LinkMeter: Equatable, Sendable {
    /// Half-life of the fast average, in nanoseconds.
    package static let fastHalfLife: UInt64 = 1_000_000_000
    /// Half-life of the slow average, in nanoseconds.
    package static let slowHalfLife: UInt64 = 60_000_000_000
    /// The least round-trip time is that of the current and the last window of so many nanoseconds.
    package static let window: UInt64 = 60_000_000_000
    /// Transfers of fewer bytes say nothing about bandwidth.
    package static let transferMinimum = 64 * 1024
    /// Transfers that are remembered.
    package static let transferLimit = 32

    /// Fast average of the round-trip time in milliseconds; nil before the first sample.
    package private(set) var fast: Double?
    /// Slow average of the round-trip time in milliseconds; nil before the first sample.
    package private(set) var slow: Double?
    private var lastSample: UInt64 = 0
    private var windowStart: UInt64 = 0
    private var leastNow = Double.infinity
    private var leastBefore = Double.infinity
    /// Bytes per millisecond of the last transfers, the oldest at `nextRate` once there are as many as may be.
    private var rates: [Double] = []
    private var nextRate = 0

    /// A link that was not measured yet.
    package init() {}

    /// A round trip took `duration` nanoseconds.
    package mutating func roundTrip(_ duration: UInt64, now: UInt64) {
        let sample = Double(duration) / 1e6
        let elapsed = now > lastSample ? now - lastSample : 0
        fast = Self.moved(fast, to: sample, after: elapsed, halfLife: Self.fastHalfLife)
        slow = Self.moved(slow, to: sample, after: elapsed, halfLife: Self.slowHalfLife)
        lastSample = max(lastSample, now)
        if now >= windowStart + Self.window {
            leastBefore = now >= windowStart + 2 * Self.window ? .infinity : leastNow
            leastNow = .infinity
            windowStart = now
        }
        leastNow = min(leastNow, sample)
    }

    /// A body of `bytes` was transferred in `duration` nanoseconds, of which one round trip was waiting.
    ///
    /// The least round trip is subtracted, but never more than nine tenths of the duration.
    package mutating func transferred(bytes: Int, in duration: UInt64) {
        guard bytes >= Self.transferMinimum, duration > 0 else { return }
        let whole = Double(duration) / 1e6
        let rate = Double(bytes) / max(whole - (least ?? 0), whole / 10)
        if rates.count < Self.transferLimit {
            rates.append(rate)
        } else {
            rates[nextRate] = rate
            nextRate = (nextRate + 1) % Self.transferLimit
        }
    }

    /// Least round-trip time of the last one to two minutes, in milliseconds: what is left without queueing.
    package var least: Double? {
        let least = min(leastNow, leastBefore)
        return least.isFinite ? least : nil
    }

    /// Round-trip time to reckon with, in milliseconds: the fast average where it is above the slow one, else the slow.
    package var estimate: Double? {
        guard let fast, let slow else { return nil }
        return max(fast, slow)
    }

    /// Bytes per millisecond that half of the last transfers reached, or another share of them (0 to 1).
    ///
    /// `share` 0.75 gives the lower quartile: a bandwidth that three of four transfers reach.
    package func bandwidth(reachedBy share: Double = 0.5) -> Double? {
        guard !rates.isEmpty, share.isFinite else { return nil }
        let rank = (1 - min(max(share, 0), 1)) * Double(rates.count - 1)
        return rates.sorted()[Int(rank.rounded(.down))]
    }

    /// Milliseconds to reckon with for a request with `bytes` to transfer: a round trip and the time on the wire.
    ///
    /// Where no transfer was measured the latter is left out; nil before the first round trip.
    package func milliseconds(transferring bytes: Int) -> Double? {
        guard let estimate else { return nil }
        guard let bandwidth = bandwidth(reachedBy: 0.75) else { return estimate }
        return estimate + Double(max(bytes, 0)) / bandwidth
    }

    private static func moved(_ average: Double?, to sample: Double, after elapsed: UInt64, halfLife: UInt64) -> Double
    {
        guard let average else { return sample }
        return sample + (average - sample) * Decay.left(after: elapsed, halfLife: halfLife)
    }
}
