/// Makes energy up to any moment out of readings that come now and then.
///
/// Between readings the last power is held; the next reading puts right what that was wrong by, so that what is handed out
/// adds up to what the meter showed, whenever it is asked for. A value type without clock or I/O.
package struct MeterTrack: Hashable, Sendable {
    private struct Reading: Hashable {
        let at: UInt64
        let value: Double
    }

    private let unit: MeterUnit
    private let hold: UInt64
    private var last: Reading?
    /// In watts since the last reading; nil before it is known.
    private var power: Double?
    /// Joules up to the last reading, and those that were handed out.
    private var total = 0.0
    private var given = 0.0

    /// Makes a track that knows nothing; without a new reading for `hold` nanoseconds it knows nothing again.
    package init(unit: MeterUnit, hold: UInt64) {
        self.unit = unit
        self.hold = hold
    }

    /// Takes a reading made at a time in nanoseconds of ``Monotonic``.
    ///
    /// A counter that went back has begun anew: what it counted since is not known. Power between two readings is their
    /// mean.
    package mutating func take(_ value: Double, at time: UInt64) {
        guard value.isFinite, value >= 0, time > last?.at ?? 0 else { return }
        defer { last = Reading(at: time, value: value) }
        let seconds = last.map { Double(time - $0.at) / 1e9 } ?? 0
        switch unit {
        case .joules:
            guard let last else { return }
            guard value >= last.value else { return }
            total += value - last.value
            power = (value - last.value) / seconds
        case .watts:
            total += ((last?.value ?? 0) + value) / 2 * seconds
            power = value
        }
    }

    /// Forgets everything: what comes next is a first reading.
    package mutating func fail() { self = MeterTrack(unit: unit, hold: hold) }

    /// Joules from the last call to `now`, in nanoseconds of ``Monotonic``; nil when the power is not known.
    package mutating func advance(to now: UInt64) -> Double? {
        guard let last, let power else { return nil }
        let age = now > last.at ? now - last.at : 0
        guard age <= hold else {
            fail()
            return nil
        }
        let estimate = total + power * Double(age) / 1e9
        defer { given = max(given, estimate) }
        return max(0, estimate - given)
    }
}
