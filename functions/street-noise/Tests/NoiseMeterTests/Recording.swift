@testable import NoiseMeter

/// A recording made for a test.
struct Recording {
    var rate = 48_000
    var channels = 1
    var format = SampleFormat.signed16
    var seconds = 0.5
    var isExtensible = false
    /// The sample of a channel at a time, full scale 1.
    var signal: (_ time: Double, _ channel: Int) -> Double

    /// The recording as a WAV file.
    var bytes: [UInt8] {
        let frames = Int(seconds * Double(rate))
        var data: [UInt8] = []
        for frame in 0..<frames {
            for channel in 0..<channels { data += encode(signal(Double(frame) / Double(rate), channel)) }
        }
        let code: UInt16 = format == .float32 || format == .float64 ? 3 : 1
        let frameSize = format.size * channels
        var description = integer(isExtensible ? 0xFFFE : code, 2) + integer(UInt16(channels), 2)
        description += integer(UInt32(rate), 4) + integer(UInt32(rate * frameSize), 4)
        description += integer(UInt16(frameSize), 2) + integer(UInt16(format.size * 8), 2)
        if isExtensible { description += integer(UInt16(22), 2) + [UInt8](repeating: 0, count: 6) }
        if isExtensible { description += integer(code, 2) + [UInt8](repeating: 0, count: 14) }
        let chunks = Array("WAVE".utf8) + chunk("fmt ", description) + chunk("LIST", [1, 2, 3]) + chunk("data", data)
        return Array("RIFF".utf8) + integer(UInt32(chunks.count), 4) + chunks
    }

    private func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        Array(name.utf8) + integer(UInt32(bytes.count), 4) + bytes + (bytes.count % 2 == 1 ? [0] : [])
    }

    private func integer(_ value: some FixedWidthInteger, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private func encode(_ sample: Double) -> [UInt8] {
        switch format {
        case .unsigned8: [UInt8((sample * 127 + 128).rounded())]
        case .signed16: integer(Int16((sample * 32767).rounded()), 2)
        case .signed24: integer(Int32((sample * 8_388_607).rounded()), 3)
        case .signed32: integer(Int32((sample * 2_147_483_647).rounded()), 4)
        case .float32: integer(Float(sample).bitPattern, 4)
        case .float64: integer(sample.bitPattern, 8)
        }
    }
}
