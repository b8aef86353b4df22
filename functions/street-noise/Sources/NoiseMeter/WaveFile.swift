/// A recording in a RIFF/WAVE file; samples are read from its bytes when they are needed.
public struct WaveFile: Sendable {
    private static let rates: ClosedRange<UInt32> = 1000...768_000
    private static let extensible: UInt16 = 0xFFFE

    /// Samples a second.
    public let sampleRate: Int
    /// 1 or 2.
    public let channels: Int
    /// Samples of each channel.
    public let frames: Int
    private let bytes: [UInt8]
    private let dataStart: Int
    private let format: SampleFormat

    /// Finds format and samples; a file that was cut off counts as far as it goes.
    public init(_ bytes: [UInt8]) throws(WaveError) {
        guard Self.tag(bytes, at: 0) == "RIFF", Self.tag(bytes, at: 8) == "WAVE" else {
            throw WaveError("the body is not a WAV file: it does not begin with RIFF and WAVE")
        }
        var offset = 12
        var description: (format: SampleFormat, channels: Int, rate: Int)?
        while let tag = Self.tag(bytes, at: offset), let size = Self.integer(bytes, at: offset + 4, size: 4) {
            let start = offset + 8
            if tag == "fmt " { description = try Self.describe(bytes, at: start, size: Int(size)) }
            if tag == "data" {
                guard let description else { throw WaveError("the WAV file has samples before their format") }
                let frameSize = description.format.size * description.channels
                self.bytes = bytes
                self.format = description.format
                self.channels = description.channels
                self.sampleRate = description.rate
                self.dataStart = start
                self.frames = min(Int(size), bytes.count - start) / frameSize
                guard frames > 0 else { throw WaveError("the WAV file has no samples") }
                return
            }
            offset = start + Int(size) + Int(size) % 2
        }
        throw WaveError("the WAV file has no samples")
    }

    /// The sample of a channel, full scale being 1.
    ///
    /// Silence before the first and after the last.
    public func sample(_ frame: Int, channel: Int) -> Double {
        guard (0..<frames).contains(frame), channel < channels else { return 0 }
        return format.sample(bytes, at: dataStart + (frame * channels + channel) * format.size)
    }

    private static func describe(
        _ bytes: [UInt8],
        at start: Int,
        size: Int
    ) throws(WaveError) -> (SampleFormat, Int, Int) {
        guard size >= 16, var code = integer(bytes, at: start, size: 2),
            let channels = integer(bytes, at: start + 2, size: 2),
            let rate = integer(bytes, at: start + 4, size: 4),
            let bits = integer(bytes, at: start + 14, size: 2)
        else { throw WaveError("the WAV file's format does not parse") }
        if code == extensible, size >= 40, let actual = integer(bytes, at: start + 24, size: 2) { code = actual }
        guard let format = SampleFormat(code: UInt16(code), bits: UInt16(bits)) else {
            throw WaveError("WAV format \(code) with \(bits) bits is not supported; PCM and floating point are")
        }
        guard (1...2).contains(channels) else { throw WaveError("\(channels) channels are not supported; 1 and 2 are") }
        guard rates.contains(UInt32(rate)) else { throw WaveError("a sample rate of \(rate) is not supported") }
        return (format, Int(channels), Int(rate))
    }

    private static func tag(_ bytes: [UInt8], at offset: Int) -> String? {
        guard bytes.count - offset >= 4 else { return nil }
        return String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self)
    }

    private static func integer(_ bytes: [UInt8], at offset: Int, size: Int) -> UInt64? {
        guard bytes.count - offset >= size else { return nil }
        return (0..<size).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }
}
