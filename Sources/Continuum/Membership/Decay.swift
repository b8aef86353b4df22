/// Exponential decay without a mathematics library.
enum Decay {
    /// Natural logarithm of 2.
    private static let ln2 = 0.693_147_180_559_945_3

    /// What is left of 1 after `elapsed`: 2 to the power of `-elapsed / halfLife`, to about 1e-15.
    static func left(after elapsed: UInt64, halfLife: UInt64) -> Double {
        let (whole, part) = elapsed.quotientAndRemainder(dividingBy: max(halfLife, 1))
        guard whole < 1000 else { return 0 }
        // e^-x for x in 0 to ln 2 by its Taylor series; the 17th term is below 1e-17.
        let x = Double(part) / Double(max(halfLife, 1)) * ln2
        var term = 1.0
        var sum = 1.0
        for index in 1...17 {
            term *= -x / Double(index)
            sum += term
        }
        return Double(sign: .plus, exponent: -Int(whole), significand: 1) * sum
    }
}
