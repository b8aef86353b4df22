#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The frequency weighting A of IEC 61672-1:2013, annex E.
public enum AWeighting {
    /// The frequencies of the four poles, in Hz; the first and the last are double.
    private static let poles = (20.598997, 107.65265, 737.86223, 12194.217)
    /// The gain at 1 kHz before it is made 1.
    private static let reference = response(1000)

    /// The factor by which amplitudes of a frequency in Hz are weighted; 1 at 1 kHz.
    public static func gain(_ frequency: Double) -> Double { response(frequency) / reference }

    /// The weighting in decibels.
    public static func decibels(_ frequency: Double) -> Double { 20 * log10(gain(frequency)) }

    private static func response(_ frequency: Double) -> Double {
        let square = frequency * frequency
        func pole(_ frequency: Double) -> Double { square + frequency * frequency }
        let numerator = poles.3 * poles.3 * square * square
        return numerator / (pole(poles.0) * (pole(poles.1) * pole(poles.2)).squareRoot() * pole(poles.3))
    }
}
