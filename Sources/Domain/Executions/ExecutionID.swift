/// The globally unique id of an execution: a ULID in lower case, so that ids sort by the time they were made.
///
/// Source: the ULID specification; 48 bits of milliseconds since 1970 and 80 random bits, in Crockford's base 32.
package struct ExecutionID: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let value: UInt128

    private static let length = 26
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    /// The digit that a byte stands for, or nil: by the byte.
    private static let digits: [UInt8?] = (0...UInt8.max).map { byte in
        alphabet.firstIndex(of: byte).map { UInt8($0) }
    }

    /// Makes a new id.
    package init(at time: Timestamp, using random: inout some RandomNumberGenerator) {
        let high = random.next()
        let low = random.next()
        var value = UInt128(UInt64(clamping: time.microseconds / 1000) & 0xffff_ffff_ffff) << 80
        value |= UInt128(high & 0xffff) << 64 | UInt128(low)
        self.value = value
    }

    /// 26 characters of `0-9a-z` without i, l, o and u.
    package var text: String {
        // SAFETY: all of the buffer's 26 bytes are written, and they are ASCII.
        unsafe String(unsafeUninitializedCapacity: Self.length) { buffer in
            for position in 0..<Self.length {
                let digit = Int(truncatingIfNeeded: value >> UInt128((Self.length - 1 - position) * 5)) & 31
                unsafe buffer[position] = Self.alphabet[digit]
            }
            return Self.length
        }
    }

    /// Parses an id as written.
    package init(_ raw: String) throws(Invalid) {
        var value: UInt128 = 0
        for byte in raw.utf8.prefix(Self.length) {
            guard let digit = Self.digits[Int(byte)] else { throw Self.invalid(raw) }
            value = value << 5 | UInt128(digit)
        }
        // 26 digits have 130 bits: the first must be small enough for 128.
        guard raw.utf8.count == Self.length, let first = raw.utf8.first, first <= UInt8(ascii: "7") else {
            throw Self.invalid(raw)
        }
        self.value = value
    }

    private static func invalid(_ raw: String) -> Invalid {
        Invalid("id", "'\(Printable.text(raw))' is no execution id")
    }

    /// When it was made, by the clock of the node that made it; to the millisecond.
    package var time: Timestamp {
        Timestamp(microseconds: Int64(truncatingIfNeeded: value >> 80) * 1000)
    }

    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
    package var description: String { text }
}

extension ExecutionID: TextCodable {}
