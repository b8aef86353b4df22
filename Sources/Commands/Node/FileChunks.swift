import NIOCore

/// A file as a sequence of buffers, read as they are asked for: what is sent sets the pace.
struct FileChunks: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let path: String
    let sent: @Sendable (UInt64) -> Void

    func makeAsyncIterator() -> Iterator { Iterator(descriptor: System.open(path), sent: sent) }

    /// Reads on; closes the file at its end or when it goes.
    final class Iterator: AsyncIteratorProtocol {
        private var descriptor: Int32?
        private var total: UInt64 = 0
        private let sent: @Sendable (UInt64) -> Void

        init(descriptor: Int32?, sent: @escaping @Sendable (UInt64) -> Void) {
            self.descriptor = descriptor
            self.sent = sent
        }

        deinit { if let descriptor { System.close(descriptor) } }

        /// Blocks for a read of a local file, which the command line can afford.
        func next() async throws -> ByteBuffer? {
            guard let descriptor else { throw CommandFailure("a file cannot be read: \(System.reason)") }
            guard let bytes = System.read(descriptor, limit: 262_144) else {
                throw CommandFailure("a file cannot be read: \(System.reason)")
            }
            total += UInt64(bytes.count)
            sent(total)
            return bytes.isEmpty ? nil : ByteBuffer(bytes: bytes)
        }
    }
}
