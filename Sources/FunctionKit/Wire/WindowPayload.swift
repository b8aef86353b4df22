/// What a `window` frame says.
package struct WindowPayload: Sendable, Equatable {
    /// Body bytes that may be sent in addition.
    package var bytes: UInt32

    /// Makes a payload.
    package init(bytes: UInt32) { self.bytes = bytes }

    /// Reads a payload; nothing may follow it.
    package init(decoding bytes: borrowing Span<UInt8>) throws(FrameError) {
        var cursor = ByteCursor()
        guard let granted = cursor.integer(UInt32.self, in: bytes), cursor.offset == bytes.count else {
            throw .malformed(.window)
        }
        self.init(bytes: granted)
    }

    /// Appends the payload.
    package func encode(to bytes: inout [UInt8]) { bytes.appendInteger(self.bytes) }
}
