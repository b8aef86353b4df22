import Testing

@testable import NoiseMeter

#if canImport(Glibc)
import Glibc
#endif

struct NoiseReportTests {
    /// A sine of a level in dBFS.
    private func sine(_ frequency: Double, _ level: Double) -> @Sendable (Double, Int) -> Double {
        { time, _ in pow(10, level / 20) * sin(2 * .pi * frequency * time) }
    }

    private func report(_ recording: Recording, calibration: Double? = nil) throws -> NoiseReport {
        NoiseReport(try WaveFile(recording.bytes), calibration: calibration)
    }

    @Test(
        "the weighting is that of the standard's table",
        arguments: [
            (31.5, -39.4), (63, -26.2), (125, -16.1), (250, -8.6), (500, -3.2), (1000, 0), (2000, 1.2), (4000, 1.0),
            (8000, -1.1), (16_000, -6.6),
        ]
    )
    func weights(frequency: Double, decibels: Double) {
        let exact = 1000 * pow(10, 0.1 * (10 * log10(frequency / 1000)).rounded())
        #expect(abs(AWeighting.decibels(exact) - decibels) <= 0.051)
    }

    @Test(
        "a sine of 1 kHz has its own level, however it is stored",
        arguments: [SampleFormat.signed16, .signed24, .signed32, .float32, .float64],
        [44_100, 48_000, 16_000]
    )
    func level(format: SampleFormat, rate: Int) throws {
        let recording = Recording(rate: rate, format: format, signal: sine(1000, -20))
        let level = try #require(try report(recording).equivalentLevel)
        #expect(abs(level + 20) < 0.1)
    }

    @Test("eight bits are enough for a loud sine, and a calibration shifts it")
    func calibrated() throws {
        let recording = Recording(format: .unsigned8, signal: sine(1000, -6))
        let report = try report(recording, calibration: 94)
        #expect(abs(try #require(report.equivalentLevel) - 88) < 0.1)
        #expect(report.json.contains(#""reference":"dB SPL""#))
    }

    @Test("two equal channels are as loud as one, and one silent channel takes 3 dB", arguments: [true, false])
    func stereo(isEqual: Bool) throws {
        let sine = sine(1000, -20)
        let recording = Recording(channels: 2, isExtensible: true) { time, channel in
            channel == 0 || isEqual ? sine(time, 0) : 0
        }
        let level = try #require(try report(recording).equivalentLevel)
        #expect(abs(level - (isEqual ? -20 : -23.01)) < 0.1)
    }

    @Test("a sine is in its octave band and is weighted", arguments: OctaveBand.all.dropLast().indices)
    func bands(index: Int) throws {
        let band = OctaveBand.all[index]
        let middle = 1000 * pow(10, 0.3 * Double(index - 5))
        // Faded in and out over a quarter of a second: a sudden end would be a click, which is heard in all bands.
        let sine = sine(middle, -10)
        let recording = Recording(format: .float32, seconds: 2) { time, _ in
            let edge = min(time, 2 - time, 0.25) / 0.25
            return sine(time, 0) * (1 - cos(.pi * edge)) / 2
        }
        let report = try report(recording)
        // The mean square of such a fade is 3/8.
        let expected = -10 + 10 * log10((1.5 + 0.5 * 3 / 8) / 2)
        let level = try #require(report.bands[index].level)
        #expect(report.bands[index].band == band)
        #expect(abs(level - expected) < 0.1)
        for (other, entry) in report.bands.enumerated() where other != index {
            #expect((entry.level ?? -200) < -35)
        }
        let weighted = try #require(report.equivalentLevel)
        #expect(abs(weighted - (expected + AWeighting.decibels(middle))) < 0.1)
    }

    @Test("the loudest moment is the end of the burst, at the level that fast weighting reaches")
    func loudest() throws {
        let sine = sine(1000, 0)
        let recording = Recording(format: .float32, seconds: 2) { time, _ in
            (1..<1.25).contains(time) ? sine(time, 0) * 0.5 : sine(time, 0) * 0.005
        }
        let report = try report(recording)
        // After two time constants, 1 - exp(-2) of the energy has come in.
        let expected = 20 * log10(0.5) + 10 * log10(1 - exp(-2))
        #expect(abs(try #require(report.maximumLevel) - expected) < 0.1)
        #expect(abs(report.maximumTime - 1.25) < 0.01)
    }

    @Test("silence has no level")
    func silence() throws {
        let report = try report(Recording { _, _ in 0 })
        #expect(report.equivalentLevel == nil)
        #expect(report.json.contains(#""LAeq":null"#))
    }

    @Test("bands above half the sampling rate are left out")
    func lowRate() throws {
        let report = try report(Recording(rate: 8000, signal: sine(1000, -20)))
        #expect(report.bands.map(\.band.nominal) == [31.5, 63, 125, 250, 500, 1000, 2000, 4000])
    }
}
