import FunctionKit
import Glibc

/// A socket that is read on a thread of its own, whether or not anybody wants the frames yet.
///
/// So a function that writes never waits for a test to run on: it may itself hold up one of the few threads that all
/// tests share. Windows bound what is read ahead.
final class TestSocket: Sendable {
    let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { System.close(descriptor) }

    /// Starts to read; called once.
    func frames() throws -> AsyncThrowingStream<Frame, any Error> {
        let (stream, frames) = AsyncThrowingStream.makeStream(of: Frame.self)
        try System.startThread {
            var decoder = FrameDecoder()
            do {
                while true {
                    let bytes = try System.read(self.descriptor, atMost: 65_536)
                    if bytes.isEmpty { return frames.finish() }
                    decoder.append(bytes.span)
                    while let frame = try decoder.next() { frames.yield(frame) }
                }
            } catch {
                frames.finish(throwing: error)
            }
        }
        return stream
    }

    /// Ends both directions, for the other side and for the thread that reads.
    func shutDown() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
}
