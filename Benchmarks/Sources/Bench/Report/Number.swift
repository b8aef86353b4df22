/// Numbers for people: three figures that count, no more.
enum Number {
    static func text(_ value: Double) -> String {
        let size = value.magnitude
        guard size.isFinite else { return "–" }
        return size >= 99.95 ? grouped(value) : decimal(value, places: size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3)
    }

    /// A ratio such as `1.24 ×`.
    static func ratio(_ value: Double) -> String { "\(decimal(value, places: value < 0.1 ? 3 : 2)) ×" }

    /// Without a fraction, the thousands set apart.
    static func grouped(_ value: Double) -> String {
        let digits = String(Int(value.rounded()))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3), digits[digits.startIndex] != "-" || index > 1 {
                text += ","
            }
            text.append(digit)
        }
        return text
    }

    /// With so many digits after the point.
    static func decimal(_ value: Double, places: Int) -> String {
        guard places > 0 else { return String(Int(value.rounded())) }
        let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((value.magnitude * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        let padding = String(repeating: "0", count: places - fraction.count)
        return "\(sign)\(scaled / scale).\(padding)\(fraction)"
    }
}
