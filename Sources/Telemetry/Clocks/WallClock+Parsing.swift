extension WallClock {
    /// Reads a time of RFC 3339, such as `2026-01-31T12:00:00Z` or `2026-01-31 13:00:00.5+01:00`, as nanoseconds since
    /// 1970-01-01T00:00:00Z; nil for any other text and for years beyond 1700 to 2200.
    package static func nanoseconds(rfc3339 text: some StringProtocol) -> Int64? {
        var bytes = Array(text.utf8)[...]
        guard let year = number(&bytes, digits: 4), (1700...2200).contains(year), skip(&bytes, "-"),
            let month = number(&bytes, digits: 2), (1...12).contains(month), skip(&bytes, "-"),
            let day = number(&bytes, digits: 2), (1...length(of: month, year)).contains(day),
            skip(&bytes, "T") || skip(&bytes, "t") || skip(&bytes, " "),
            let hour = number(&bytes, digits: 2), hour < 24, skip(&bytes, ":"),
            let minute = number(&bytes, digits: 2), minute < 60, skip(&bytes, ":"),
            let second = number(&bytes, digits: 2), second <= 60,
            let fraction = fraction(&bytes), let offset = offset(&bytes), bytes.isEmpty
        else { return nil }
        let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset * 60
        return seconds * 1_000_000_000 + fraction
    }

    private static func number(_ bytes: inout ArraySlice<UInt8>, digits: Int) -> Int64? {
        let field = bytes.prefix(digits)
        guard field.count == digits, field.allSatisfy(isDigit) else { return nil }
        bytes = bytes.dropFirst(digits)
        return field.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func skip(_ bytes: inout ArraySlice<UInt8>, _ mark: Unicode.Scalar) -> Bool {
        guard bytes.first == UInt8(ascii: mark) else { return false }
        bytes = bytes.dropFirst()
        return true
    }

    /// Nanoseconds behind a decimal point, cut off after nine digits; 0 when there is none.
    private static func fraction(_ bytes: inout ArraySlice<UInt8>) -> Int64? {
        guard skip(&bytes, ".") else { return 0 }
        let digits = bytes.prefix(while: isDigit)
        guard !digits.isEmpty else { return nil }
        bytes = bytes.dropFirst(digits.count)
        let nine = Array(digits.prefix(9)) + Array(repeating: UInt8(ascii: "0"), count: max(0, 9 - digits.count))
        return nine.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    /// Minutes that the zone is ahead of UTC.
    private static func offset(_ bytes: inout ArraySlice<UInt8>) -> Int64? {
        if skip(&bytes, "Z") || skip(&bytes, "z") { return 0 }
        let isAhead = skip(&bytes, "+")
        guard isAhead || skip(&bytes, "-"), let hours = number(&bytes, digits: 2), hours < 24, skip(&bytes, ":"),
            let minutes = number(&bytes, digits: 2), minutes < 60
        else { return nil }
        return (isAhead ? 1 : -1) * (hours * 60 + minutes)
    }

    private static func length(of month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 to a day of the proleptic Gregorian calendar, for years from 0 on.
    ///
    /// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
