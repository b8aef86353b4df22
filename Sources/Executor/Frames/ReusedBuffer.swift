package import NIOCore

/// A buffer that is written to a channel again and again: its memory is used anew once the channel has let go of it.
///
/// A channel that could not write all keeps it; then the next one gets memory of its own, as values do.
package struct ReusedBuffer {
    /// Bytes whose memory is kept for the next ones.
    private static let kept = 16_384
    private var buffer = ByteBuffer()

    package init() {}

    /// A buffer with these bytes.
    package mutating func filled(with bytes: [UInt8]) -> ByteBuffer {
        guard bytes.count <= Self.kept else { return ByteBuffer(bytes: bytes) }
        buffer.clear()
        buffer.writeBytes(bytes)
        return buffer
    }
}
