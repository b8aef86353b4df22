/// A position in bytes that are being parsed.
///
/// Every read is checked against the end and answers nil past it; none traps, whatever the bytes are.
package struct ByteCursor: Sendable {
    /// Where the next read begins.
    package private(set) var offset: Int

    /// Starts at an offset.
    package init(at offset: Int = 0) { self.offset = offset }

    /// Reads a little-endian integer.
    package mutating func integer<Value: FixedWidthInteger & UnsignedInteger>(
        _ type: Value.Type,
        in bytes: borrowing Span<UInt8>
    ) -> Value? {
        let size = MemoryLayout<Value>.size
        guard bytes.count - offset >= size else { return nil }
        var value: Value = 0
        for index in 0..<size {
            value |= Value(truncatingIfNeeded: bytes[offset + index]) << Value(truncatingIfNeeded: 8 * index)
        }
        offset += size
        return value
    }

    /// Reads text of `count` bytes; what is not UTF-8 is repaired.
    package mutating func text(_ count: Int, in bytes: borrowing Span<UInt8>) -> String? {
        guard count >= 0, bytes.count - offset >= count else { return nil }
        let range = offset..<(offset + count)
        offset += count
        // SAFETY: the buffer is only read, within the closure, while the span is borrowed.
        return unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Reads two bytes of length, then that much text.
    package mutating func shortText(in bytes: borrowing Span<UInt8>) -> String? {
        guard let count = integer(UInt16.self, in: bytes) else { return nil }
        return text(Int(count), in: bytes)
    }

    /// Reads four bytes of length, then that much text.
    package mutating func longText(in bytes: borrowing Span<UInt8>) -> String? {
        guard let count = integer(UInt32.self, in: bytes) else { return nil }
        return text(Int(count), in: bytes)
    }

    /// Reads all that is left as text.
    package mutating func remainingText(in bytes: borrowing Span<UInt8>) -> String {
        text(bytes.count - offset, in: bytes) ?? ""
    }
}
