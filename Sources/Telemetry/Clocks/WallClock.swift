/// The time of day, in nanoseconds since 1970-01-01T00:00:00Z, and its RFC 3339 text in UTC.
package enum WallClock {
    /// Nanoseconds since 1970-01-01T00:00:00Z; may jump when the machine's clock is set.
    package static func now() -> Int64 { System.realtimeNanoseconds() }

    /// The time as `2026-01-31T12:00:00.123456Z`: UTC, always six decimals, cut off rather than rounded.
    package static func rfc3339(_ nanoseconds: Int64) -> String {
        var bytes: [UInt8] = []
        append(nanoseconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends what ``rfc3339(_:)`` returns; no allocation beyond the buffer's own.
    static func append(_ nanoseconds: Int64, to bytes: inout [UInt8]) {
        let seconds = floorDivide(nanoseconds, 1_000_000_000)
        let microseconds = (nanoseconds - seconds * 1_000_000_000) / 1000
        let days = floorDivide(seconds, 86_400)
        let second = seconds - days * 86_400
        let date = date(days: days)
        append(date.year, width: 4, "-", to: &bytes)
        append(date.month, width: 2, "-", to: &bytes)
        append(date.day, width: 2, "T", to: &bytes)
        append(second / 3600, width: 2, ":", to: &bytes)
        append(second / 60 % 60, width: 2, ":", to: &bytes)
        append(second % 60, width: 2, ".", to: &bytes)
        append(microseconds, width: 6, "Z", to: &bytes)
    }

    private static func append(_ value: Int64, width: Int, _ mark: Unicode.Scalar, to bytes: inout [UInt8]) {
        var scale: Int64 = 1
        for _ in 1..<width { scale *= 10 }
        while scale > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / scale % 10))
            scale /= 10
        }
        bytes.append(UInt8(ascii: mark))
    }

    /// The day of the proleptic Gregorian calendar that many days after 1970-01-01.
    ///
    /// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    private static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value + 1) / divisor - 1
    }
}
