/// The 16 bytes before every payload.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 4 | length of the payload |
/// | 4 | 1 | type |
/// | 5 | 1 | flags: bit 0 = the last frame of this direction of this call |
/// | 6 | 2 | reserved, 0 |
/// | 8 | 8 | call; 0 = the instance itself |
///
/// All integers are little-endian.
package struct FrameHeader: Sendable, Equatable {
    /// Bytes of a header.
    package static let size = 16
    /// Where the type stands.
    package static let typeOffset = 4
    /// Where the flags stand.
    package static let flagsOffset = 5
    /// Where the reserved bytes stand.
    package static let reservedOffset = 6
    /// Where the number of the call stands.
    package static let callOffset = 8
    /// The flag of the last frame of a call's direction.
    package static let endFlag: UInt8 = 1

    /// Bytes of payload that follow.
    package let length: UInt32
    /// What the frame says.
    package let type: FrameType
    /// Whether it is the last frame of this direction of this call.
    package let isEnd: Bool
    /// The call it belongs to; 0 for the instance itself.
    package let call: UInt64

    /// Makes a header; `length` is at most `WireLimits.payload`.
    package init(_ type: FrameType, call: UInt64, isEnd: Bool = false, length: Int) {
        precondition(length <= WireLimits.payload, "a frame's payload is bounded by its sender")
        self.length = UInt32(length)
        self.type = type
        self.isEnd = isEnd
        self.call = call
    }

    /// Reads a header from the first 16 bytes.
    ///
    /// - Returns: nil while fewer than 16 bytes are there.
    package init?(decoding bytes: borrowing Span<UInt8>) throws(FrameError) {
        var cursor = ByteCursor()
        guard bytes.count >= Self.size,
            let length = cursor.integer(UInt32.self, in: bytes),
            let rawType = cursor.integer(UInt8.self, in: bytes),
            let flags = cursor.integer(UInt8.self, in: bytes),
            let reserved = cursor.integer(UInt16.self, in: bytes),
            let call = cursor.integer(UInt64.self, in: bytes)
        else { return nil }
        guard length <= UInt32(WireLimits.payload) else { throw .tooLong(length) }
        guard let type = FrameType(rawValue: rawType) else { throw .unknownType(rawType) }
        guard flags & ~Self.endFlag == 0, reserved == 0 else { throw .undefinedFlags }
        self.length = length
        self.type = type
        self.isEnd = flags & Self.endFlag != 0
        self.call = call
    }

    /// Appends the 16 bytes.
    package func encode(to bytes: inout [UInt8]) {
        bytes.appendInteger(length)
        bytes.append(type.rawValue)
        bytes.append(isEnd ? Self.endFlag : 0)
        bytes.appendInteger(UInt16(0))
        bytes.appendInteger(call)
    }
}
