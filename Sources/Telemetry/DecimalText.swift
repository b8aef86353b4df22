/// Numbers as text, without Foundation and independent of any locale.
enum DecimalText {
    /// A whole number of thousandths, millionths, … as a decimal fraction without trailing zeros: (1250, 3) is `1.25`.
    static func fraction(_ units: UInt64, decimals: Int) -> String {
        var bytes: [UInt8] = []
        append(units, decimals: decimals, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends what ``fraction(_:decimals:)`` returns.
    static func append(_ units: UInt64, decimals: Int, to bytes: inout [UInt8]) {
        var scale: UInt64 = 1
        for _ in 0..<decimals { scale *= 10 }
        var rest = units % scale
        let whole = units / scale
        var digit: UInt64 = 1
        while whole / digit >= 10 { digit *= 10 }
        while digit > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: whole / digit % 10))
            digit /= 10
        }
        guard rest > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        while rest > 0 {
            scale /= 10
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / scale))
            rest %= scale
        }
    }

    /// Appends a number rounded to at most six decimals; 0 for what is negative or no number.
    static func appendShort(_ value: Double, to bytes: inout [UInt8]) {
        guard value > 0 else { return bytes.append(UInt8(ascii: "0")) }
        guard value < 1e12 else { return bytes.append(contentsOf: prometheus(value).utf8) }
        append(UInt64((value * 1e6).rounded()), decimals: 6, to: &bytes)
    }

    /// Appends a number rounded to so many significant digits, without an exponent; 0 for what is below 1e-18, negative or
    /// no number.
    static func appendSignificant(_ value: Double, digits: Int, to bytes: inout [UInt8]) {
        guard value > 0 else { return bytes.append(UInt8(ascii: "0")) }
        guard value < 1e15 else { return bytes.append(contentsOf: prometheus(value).utf8) }
        var (scaled, decimals, least) = (value, 0, 1.0)
        for _ in 1..<max(2, digits) { least *= 10 }
        while scaled < least, decimals < 18 {
            scaled *= 10
            decimals += 1
        }
        append(UInt64(scaled.rounded()), decimals: decimals, to: &bytes)
    }

    /// A number as Prometheus text has it: `+Inf`, `NaN`, no `.0` behind whole numbers.
    static func prometheus(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if value.magnitude < 1e15, value == value.rounded() { return String(Int64(value)) }
        return "\(value)"
    }
}
