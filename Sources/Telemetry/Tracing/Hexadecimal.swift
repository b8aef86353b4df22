/// Lower-case hexadecimal numbers of up to 64 bits.
enum Hexadecimal {
    static let dash = UInt8(ascii: "-")

    /// The number that at most 16 digits write; nil when there is anything but `0`–`9` and `a`–`f`.
    static func value(_ range: Range<Int>, of bytes: borrowing Span<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for index in range {
            let digit = bytes[index]
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }

    /// Appends all 16 digits of a number.
    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        for _ in 0..<16 {
            let digit = UInt8(rest >> 60)
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            rest <<= 4
        }
    }
}
