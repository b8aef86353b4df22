package import FunctionKit
package import NIOCore

/// One frame as it came from an instance.
package struct IncomingFrame {
    package let kind: FrameType
    /// Whether it is the last of its direction of the call.
    package let isEnd: Bool
    /// The call it belongs to; 0 for the instance itself.
    package let call: UInt64
    package var payload: ByteBuffer

    /// Whether it is the last word on its call.
    package var endsCall: Bool { kind == .failure || isEnd && (kind == .response || kind == .body) }
}
