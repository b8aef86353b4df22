extension Human {
    /// Milliseconds as `1.25 ms`.
    package static func milliseconds(_ value: Double) -> String {
        guard value.isFinite, value < 1e12 else { return "-" }
        return duration(nanoseconds: UInt64((max(0, value) * 1e6).rounded()))
    }

    /// A share of 1 in percent: `42 %`, and below one percent `0.30 %`.
    package static func percent(_ share: Double) -> String {
        let percent = share * 100
        return "\(decimal(percent, percent != 0 && abs(percent) < 0.995 ? 2 : 0)) %"
    }

    /// A number with two digits at least, however small: `12.35`, `0.031`, `0.0030`, `2.1e-6`.
    package static func small(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
        if abs(value) >= 100 { return decimal(value, 0) }
        if abs(value) >= 0.01 { return decimal(value, abs(value) < 1 ? 3 : 2) }
        if abs(value) >= 0.001 { return decimal(value, 4) }
        var mantissa = value
        var exponent = 0
        while abs(mantissa) < 1, exponent < 400 {
            mantissa *= 10
            exponent += 1
        }
        let text = decimal(mantissa, 1)
        // Rounding may have made it ten.
        return text.hasSuffix("10.0") ? "\(decimal(mantissa / 10, 1))e-\(exponent - 1)" : "\(text)e-\(exponent)"
    }

    /// What a value became, relative to another: `+6 %`, nothing where there is nothing to compare with.
    package static func change(from old: Double, to new: Double) -> String {
        guard old > 0, old.isFinite, new.isFinite else { return "" }
        let percent = (new / old - 1) * 100
        return "\(percent < 0 ? "" : "+")\(decimal(percent, 0)) %"
    }
}
