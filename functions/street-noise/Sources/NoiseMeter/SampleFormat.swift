/// How one sample is stored.
enum SampleFormat: Equatable {
    case unsigned8
    case signed16
    case signed24
    case signed32
    case float32
    case float64

    /// The format of a `fmt ` chunk's numbers; nil where there is none.
    init?(code: UInt16, bits: UInt16) {
        switch (code, bits) {
        case (1, 8): self = .unsigned8
        case (1, 16): self = .signed16
        case (1, 24): self = .signed24
        case (1, 32): self = .signed32
        case (3, 32): self = .float32
        case (3, 64): self = .float64
        default: return nil
        }
    }

    /// Bytes of a sample.
    var size: Int {
        switch self {
        case .unsigned8: 1
        case .signed16: 2
        case .signed24: 3
        case .signed32, .float32: 4
        case .float64: 8
        }
    }

    /// The sample at an offset, full scale being 1.
    ///
    /// What is not a number is silence.
    func sample(_ bytes: [UInt8], at offset: Int) -> Double {
        var bits: UInt64 = 0
        for index in 0..<size { bits |= UInt64(bytes[offset + index]) << UInt64(8 * index) }
        switch self {
        case .unsigned8: return (Double(bits) - 128) / 128
        case .signed16: return Double(Int16(truncatingIfNeeded: bits)) / 32768
        case .signed24: return Double(Int32(truncatingIfNeeded: bits << 8) >> 8) / 8_388_608
        case .signed32: return Double(Int32(truncatingIfNeeded: bits)) / 2_147_483_648
        case .float32: return Self.finite(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
        case .float64: return Self.finite(Double(bitPattern: bits))
        }
    }

    private static func finite(_ value: Double) -> Double { abs(value) < 1000 ? value : 0 }
}
