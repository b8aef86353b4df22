extension [UInt8] {
    /// Appends an integer, little-endian.
    package mutating func appendInteger(_ value: some FixedWidthInteger & UnsignedInteger) {
        for index in 0..<(value.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: value >> (8 * index)))
        }
    }

    /// Appends two bytes of length, then the text; text beyond 65,535 bytes is cut.
    package mutating func appendShortText(_ text: String) {
        let bytes = text.utf8.prefix(Int(UInt16.max))
        appendInteger(UInt16(bytes.count))
        append(contentsOf: bytes)
    }

    /// Appends four bytes of length, then the text.
    package mutating func appendLongText(_ text: String) {
        appendInteger(UInt32(clamping: text.utf8.count))
        append(contentsOf: text.utf8)
    }

    /// Appends a whole frame whose payload `body` writes; its length is filled in afterwards.
    ///
    /// - Precondition: the payload is within `WireLimits.payload`.
    package mutating func appendFrame(
        _ type: FrameType,
        call: UInt64,
        isEnd: Bool = false,
        _ body: (inout [UInt8]) -> Void = { _ in }
    ) {
        let start = count
        FrameHeader(type, call: call, isEnd: isEnd, length: 0).encode(to: &self)
        body(&self)
        let length = count - start - FrameHeader.size
        precondition(length <= WireLimits.payload, "a frame's payload is bounded by its sender")
        for index in 0..<4 { self[start + index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
    }
}
