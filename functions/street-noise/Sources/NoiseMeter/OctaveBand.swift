#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An octave band of IEC 61260-1, with exact frequencies to the base 10.
public struct OctaveBand: Sendable, Equatable {
    /// The band's name: its rounded mid-frequency in Hz.
    public let nominal: Double
    /// The exact edges in Hz.
    public let edges: Range<Double>

    /// The bands from 31.5 Hz to 16 kHz.
    public static let all: [OctaveBand] = zip(-5...4, [31.5, 63, 125, 250, 500, 1000, 2000, 4000, 8000, 16_000])
        .map { step, nominal in
            let middle = 1000 * pow(10, 0.3 * Double(step))
            return OctaveBand(nominal: nominal, edges: (middle * pow(10, -0.15))..<(middle * pow(10, 0.15)))
        }
}
