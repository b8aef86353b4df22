/// One whole frame.
package struct Frame: Sendable, Equatable {
    /// What the frame says.
    package let type: FrameType
    /// Whether it is the last frame of this direction of this call.
    package let isEnd: Bool
    /// The call it belongs to; 0 for the instance itself.
    package let call: UInt64
    /// What follows the header.
    package let payload: [UInt8]

    /// Makes a frame.
    package init(_ type: FrameType, call: UInt64, isEnd: Bool = false, payload: [UInt8] = []) {
        self.type = type
        self.isEnd = isEnd
        self.call = call
        self.payload = payload
    }

    /// Appends header and payload.
    package func encode(to bytes: inout [UInt8]) {
        FrameHeader(type, call: call, isEnd: isEnd, length: payload.count).encode(to: &bytes)
        bytes.append(contentsOf: payload)
    }
}
