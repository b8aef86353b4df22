/// Logarithm, exponential and normal quantiles in plain Swift, so that this room depends on no library.
///
/// The argument reductions and polynomials are those of FreeBSD's msun (`e_exp.c`, `e_log.c`, after Cody and Waite, and
/// Remez), whose error is below one unit in the last place; the tests compare both with the C library's.
package enum Math {
    private static let log2High = 6.93147180369123816490e-01
    private static let log2Low = 1.90821492927058770002e-10
    private static let inverseLog2 = 1.44269504088896338700

    /// The number e raised to `x`; 0 and infinity beyond the range of `Double`.
    package static func exp(_ x: Double) -> Double {
        guard x < 709.7 else { return x.isNaN ? x : .infinity }
        guard x > -707 else { return 0 }
        // x = k·ln 2 + r with |r| ≤ ln 2 / 2; the two halves of ln 2 keep r exact to the last bit.
        let k = Int(x * inverseLog2 + (x < 0 ? -0.5 : 0.5))
        let high = x - Double(k) * log2High
        let low = Double(k) * log2Low
        let r = high - low
        let square = r * r
        let series =
            square
            * (1.66666666666666019037e-01 + square
                * (-2.77777777770155933842e-03 + square
                    * (6.61375632143793436117e-05 + square
                        * (-1.65339022054652515390e-06 + square * 4.13813679705723846039e-08))))
        let c = r - series
        let y = 1 - ((low - (r * c) / (2 - c)) - high)
        return y * Double(sign: .plus, exponent: k, significand: 1)
    }

    /// The natural logarithm of `x`; minus infinity at 0, not a number below.
    package static func log(_ x: Double) -> Double {
        guard x > 0, x.isFinite else { return x == 0 ? -.infinity : (x > 0 ? x : .nan) }
        // x = 2^k · (1 + f) with 1 + f between √½ and √2.
        var k = Double(x.exponent)
        var mantissa = x.significand
        if mantissa > 1.4142135623730951 {
            mantissa *= 0.5
            k += 1
        }
        let f = mantissa - 1
        let s = f / (2 + f)
        let z = s * s
        let w = z * z
        let even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
        let odd =
            z
            * (6.666666666666735130e-01 + w
                * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)))
        let half = 0.5 * f * f
        return k * log2High - ((half - (s * (half + even + odd) + k * log2Low)) - f)
    }

    /// The value below which a standard normal variable lies with `probability`, which is held within 1e-9 of 0 and 1.
    ///
    /// Acklam's rational approximation (2003), relative error below 1.2e-9.
    package static func normalQuantile(_ probability: Double) -> Double {
        let p = min(max(probability, 1e-9), 1 - 1e-9)
        guard p >= 0.02425 else { return tail(p) }
        guard p <= 1 - 0.02425 else { return -tail(1 - p) }
        let q = p - 0.5
        let r = q * q
        let a = [
            -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
            -3.066479806614716e+01, 2.506628277459239e+00,
        ]
        let b = [
            -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
            -1.328068155288572e+01, 1,
        ]
        return horner(a, r) * q / horner(b, r)
    }

    private static func tail(_ p: Double) -> Double {
        let q = (-2 * log(p)).squareRoot()
        let c = [
            -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00,
            4.374664141464968e+00, 2.938163982698783e+00,
        ]
        let d = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1]
        return horner(c, q) / horner(d, q)
    }

    private static func horner(_ coefficients: [Double], _ x: Double) -> Double {
        coefficients.reduce(0) { $0 * x + $1 }
    }
}
