package import Domain

/// Quantities as people read them.
package enum Human {
    /// A number with that many decimals, rounded.
    package static func decimal(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = Int64((abs(value) * scale).rounded())
        let whole = scaled / Int64(scale)
        let sign = value < 0 && scaled != 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(whole)" }
        let fraction = String(scaled % Int64(scale))
        return "\(sign)\(whole)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    /// Three digits that matter, without more decimals than that.
    private static func short(_ value: Double) -> String { decimal(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0) }

    /// Nanoseconds as `1.25 ms`.
    package static func duration(nanoseconds: UInt64) -> String {
        let value = Double(nanoseconds)
        return switch nanoseconds {
        case 0: "0"
        case ..<1000: "\(nanoseconds) ns"
        case ..<1_000_000: "\(short(value / 1e3)) µs"
        case ..<1_000_000_000: "\(short(value / 1e6)) ms"
        case ..<60_000_000_000: "\(short(value / 1e9)) s"
        default: "\(nanoseconds / 60_000_000_000) min \(nanoseconds / 1_000_000_000 % 60) s"
        }
    }

    package static func duration(_ span: TimeSpan) -> String {
        duration(nanoseconds: UInt64(clamping: max(0, span.microseconds)) * 1000)
    }

    /// Bytes as `1.25 MiB`.
    package static func bytes(_ count: UInt64) -> String {
        let value = Double(count)
        return switch count {
        case ..<1024: "\(count) B"
        case ..<(1 << 20): "\(short(value / 1024)) KiB"
        case ..<(1 << 30): "\(short(value / 1_048_576)) MiB"
        default: "\(short(value / 1_073_741_824)) GiB"
        }
    }

    /// Energy as `3.10 mJ`.
    package static func joules(_ joules: Double) -> String {
        switch joules {
        case ..<1e-6: "0"
        case ..<1e-3: "\(short(joules * 1e6)) µJ"
        case ..<1: "\(short(joules * 1e3)) mJ"
        default: "\(short(joules)) J"
        }
    }

    /// How long ago a time was, or how soon it will be.
    package static func distance(to time: Timestamp, from now: Timestamp) -> String {
        let seconds = (now.microseconds - time.microseconds) / 1_000_000
        let amount = abs(seconds)
        if amount < 2 { return "now" }
        let text =
            switch amount {
            case ..<120: "\(amount) s"
            case ..<7200: "\(amount / 60) min"
            case ..<172_800: "\(amount / 3600) h"
            default: "\(amount / 86_400) d"
            }
        return seconds > 0 ? "\(text) ago" : "in \(text)"
    }

    /// A time to the millisecond, in UTC: `2026-01-31 12:00:00.250`.
    package static func time(_ time: Timestamp) -> String {
        String(time.text.dropLast(4)).replacing("T", with: " ")
    }
}
