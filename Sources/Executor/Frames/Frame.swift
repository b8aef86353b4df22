import NIOCore

/// One frame as it came from an instance.
struct Frame {
    let kind: FrameKind
    let isEnd: Bool
    /// The call it belongs to; 0 for the instance itself.
    let call: UInt64
    var payload: ByteBuffer
}
