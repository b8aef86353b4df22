/// A point in time: microseconds since 1970-01-01T00:00:00Z, written as RFC 3339 in UTC.
package struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    package func advanced(by span: TimeSpan) -> Timestamp { .init(microseconds: microseconds + span.microseconds) }
    package func since(_ earlier: Timestamp) -> TimeSpan { .init(microseconds: microseconds - earlier.microseconds) }

    package static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }
    package var description: String { text }
}

extension Timestamp: TextCodable {
    /// Parses exactly the form that ``text`` writes, with zero to six decimals and `Z`.
    package init(_ raw: String) throws(Invalid) {
        let wrong = Invalid("time", "'\(Printable.text(raw))' is not like 2026-01-31T12:00:00Z")
        let bytes = Array(raw.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count else { return nil }
            var value: Int64 = 0
            for byte in bytes[range] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            return value
        }
        let marks: [(Int, UInt8)] = [
            (4, UInt8(ascii: "-")), (7, UInt8(ascii: "-")), (10, UInt8(ascii: "T")), (13, UInt8(ascii: ":")),
            (16, UInt8(ascii: ":")),
        ]
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), marks.allSatisfy({ bytes[$0.0] == $0.1 }),
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), (1...12).contains(month),
            (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { throw wrong }
        var fraction: Int64 = 0
        if bytes.count > 20 {
            let digits = bytes.count - 21
            guard bytes[19] == UInt8(ascii: "."), (1...6).contains(digits), let parsed = number(20..<20 + digits) else {
                throw wrong
            }
            fraction = (0..<6 - digits).reduce(parsed) { value, _ in value * 10 }
        }
        let seconds = CivilDate(year: year, month: month, day: day).days * 86400 + hour * 3600 + minute * 60 + second
        self.microseconds = seconds * 1_000_000 + fraction
    }

    package var text: String {
        let seconds = Int64((Double(microseconds) / 1e6).rounded(.down))
        let fraction = microseconds - seconds * 1_000_000
        let days = (seconds >= 0 ? seconds : seconds - 86399) / 86400
        let inDay = seconds - days * 86400
        let date = CivilDate(days: days)
        func padded(_ value: Int64, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T"
            + "\(padded(inDay / 3600, 2)):\(padded(inDay / 60 % 60, 2)):\(padded(inDay % 60, 2))."
            + "\(padded(fraction, 6))Z"
    }
}
