/// A length of time, written as `250us`, `200ms`, `30s`, `5m`, `1.5h`, or a plain number of seconds.
package struct TimeSpan: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Whole microseconds.
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    package static func milliseconds(_ count: Int64) -> Self { .init(microseconds: count * 1000) }
    package static func seconds(_ count: Int64) -> Self { .init(microseconds: count * 1_000_000) }
    package static func minutes(_ count: Int64) -> Self { .seconds(count * 60) }
    package static func hours(_ count: Int64) -> Self { .minutes(count * 60) }
    package static let zero = TimeSpan(microseconds: 0)

    package var nanoseconds: Int64 { microseconds * 1000 }
    package var duration: Duration { .microseconds(microseconds) }
    package var inSeconds: Double { Double(microseconds) / 1e6 }

    private static let units: [(suffix: String, microseconds: Double)] = [
        ("ms", 1e3), ("us", 1), ("µs", 1), ("s", 1e6), ("m", 60e6), ("h", 3600e6), ("d", 86400e6),
    ]
    /// Ten years: longer than anything that is meant.
    private static let longest = 10 * 365 * 86400e6

    /// Parses a number, which may have decimals, and an optional unit; no unit means seconds.
    package init(_ raw: String) throws(Invalid) {
        let unit = Self.units.first { raw.hasSuffix($0.suffix) }
        let number = String(raw.dropLast(unit?.suffix.count ?? 0)).trimmingSpaces
        let isDecimal = number.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".")
        }
        guard isDecimal, let count = Double(number), count.isFinite else {
            throw Invalid("time", "'\(Printable.text(raw))' is no length of time; write for example 200ms, 30s or 5m")
        }
        let microseconds = count * (unit?.microseconds ?? 1e6)
        guard microseconds <= Self.longest else { throw Invalid("time", "'\(raw)' is longer than ten years") }
        self.microseconds = Int64(microseconds.rounded())
    }

    package var text: String {
        let units: [(String, Int64)] = [("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1000)]
        for (suffix, size) in units where microseconds >= size && microseconds.isMultiple(of: size) {
            return "\(microseconds / size)\(suffix)"
        }
        return microseconds == 0 ? "0s" : "\(microseconds)us"
    }

    package static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }
    package var description: String { text }
}

extension TimeSpan: TextCodable {}
