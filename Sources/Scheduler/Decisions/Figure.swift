/// Numbers as texts for people.
enum Figure {
    /// A number with three significant digits, without an exponent: `0.0031`, `1.25`, `141`, `12300`.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "unknown" : value > 0 ? "unbounded" : "-unbounded" }
        let magnitude = value.magnitude
        guard magnitude >= 1e-9 else { return "0" }
        guard magnitude < 1e15 else { return value < 0 ? "-1000000000000000" : "1000000000000000" }
        var decimals = 0
        var scale = 1.0
        while magnitude * scale < 99.95, decimals < 12 {
            scale *= 10
            decimals += 1
        }
        var digits = UInt64(magnitude * scale + 0.5)
        // What has no more than three significant digits before the point is rounded to three.
        if decimals == 0 {
            var unit: UInt64 = 1
            while digits / unit >= 1000 { unit *= 10 }
            digits = (digits + unit / 2) / unit * unit
        }
        while decimals > 0, digits.isMultiple(of: 10) {
            digits /= 10
            decimals -= 1
        }
        let text = String(digits)
        let sign = value < 0 ? "-" : ""
        guard decimals > 0 else { return sign + text }
        let padded = String(repeating: "0", count: max(0, decimals + 1 - text.count)) + text
        return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }

    /// Milliseconds with their unit.
    static func milliseconds(_ value: Double) -> String { "\(text(value)) ms" }

    /// A quantile as `p95` or `p99.9`.
    static func quantile(_ value: Double) -> String { "p\(text(value * 100))" }
}
