#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What was measured in a recording.
///
/// The recording is cut into blocks that overlap by half, under a sine window: the squares of two neighbouring windows add
/// up to one, so that the blocks together have exactly the energy of the recording. Each block is weighted in its
/// spectrum by the analog curve, which is right up to half the sampling rate, where a bilinear filter is not. The weighted
/// blocks, windowed again and added, are the weighted signal that the time weighting "fast" follows.
///
/// Two channels go through one transform as real and imaginary part, and count with their mean energy.
public struct NoiseReport: Sendable {
    /// The time constant of the weighting "fast".
    private static let fast = 0.125

    /// Seconds.
    public let duration: Double
    /// Samples a second.
    public let sampleRate: Int
    /// 1 or 2.
    public let channels: Int
    /// Whether levels are sound pressure levels; else they are relative to a full-scale sine.
    public let isCalibrated: Bool
    /// The A-weighted equivalent level in dB; nil for silence.
    public let equivalentLevel: Double?
    /// The highest A-weighted level with the time weighting "fast", in dB; nil for silence.
    public let maximumLevel: Double?
    /// When that was, in seconds from the start.
    public let maximumTime: Double
    /// The unweighted equivalent levels of the bands that the sampling rate allows, in dB; nil for silence.
    public let bands: [(band: OctaveBand, level: Double?)]

    /// Measures a recording.
    ///
    /// - Parameters:
    ///   - file: The recording.
    ///   - calibration: The sound pressure level of a full-scale sine in dB; without it, levels are in dBFS.
    public init(_ file: WaveFile, calibration: Double? = nil) {
        var meter = NoiseMeter(sampleRate: file.sampleRate, timeConstant: Self.fast)
        meter.measure(file)
        // A full-scale sine has a mean square of one half, and is 0 dBFS.
        func level(_ meanSquare: Double) -> Double? {
            meanSquare > 1e-20 ? 10 * log10(2 * meanSquare) + (calibration ?? 0) : nil
        }
        let count = Double(file.frames * file.channels)
        self.duration = Double(file.frames) / Double(file.sampleRate)
        self.sampleRate = file.sampleRate
        self.channels = file.channels
        self.isCalibrated = calibration != nil
        self.equivalentLevel = level(meter.weightedEnergy / count)
        self.maximumLevel = level(meter.maximum / Double(file.channels))
        self.maximumTime = Double(meter.maximumFrame) / Double(file.sampleRate)
        self.bands = zip(OctaveBand.all, meter.bandEnergies)
            .filter { $0.0.edges.lowerBound < Double(file.sampleRate) / 2 }
            .map { ($0.0, level($0.1 / count)) }
    }

    /// The report as JSON.
    public var json: String {
        func number(_ value: Double?, digits: Double = 100) -> String {
            guard let value else { return "null" }
            let rounded = (value * digits).rounded() / digits
            return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
        }
        let bands = bands.map { #"{"frequency":\#(number($0.band.nominal)),"level":\#(number($0.level))}"# }
        let loudest = #"{"time":\#(number(maximumTime, digits: 1000)),"level":\#(number(maximumLevel))}"#
        return [
            #"{"duration":\#(number(duration, digits: 1000))"#,
            #""sampleRate":\#(sampleRate)"#,
            #""channels":\#(channels)"#,
            #""reference":"\#(isCalibrated ? "dB SPL" : "dBFS")""#,
            #""LAeq":\#(number(equivalentLevel))"#,
            #""LAFmax":\#(number(maximumLevel))"#,
            #""loudest":\#(loudest)"#,
            #""octaveBands":[\#(bands.joined(separator: ","))]}"#,
        ].joined(separator: ",")
    }
}
